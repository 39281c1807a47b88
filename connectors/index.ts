/** The connectors of the product, one file per kind of source. */
import type { Connector } from '#declare/connector';
import csv from './csv.ts';
import postgres from './postgres.ts';
import xlsx from './xlsx.ts';

export const connectors: readonly Connector[] = [csv, xlsx, postgres];

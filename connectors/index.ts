/** The connectors of the product, one file per kind of source. */
import type { Connector } from '#declare/connector';
import csv from './csv.ts';
import json from './json.ts';
import postgres from './postgres.ts';
import xls from './xls.ts';
import xlsx from './xlsx.ts';

/** In the order in which a file nobody declared is tried: plain text comes last, as nearly everything could be it. */
export const connectors: readonly Connector[] = [xlsx, xls, json, csv, postgres];

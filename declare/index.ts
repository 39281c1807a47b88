/** The words of the product: every name that content and machine may use. */
export * from './adoption.ts';
export * from './adoption-documents.ts';
export * from './base.ts';
export * from './binding.ts';
export * from './check.ts';
export * from './code-list.ts';
export * from './connector.ts';
export * from './document.ts';
export * from './element.ts';
export * from './entry.ts';
export * from './grant.ts';
export * from './library.ts';
export * from './process.ts';
export * from './rule-kind.ts';
export * from './service.ts';
export * from './source.ts';

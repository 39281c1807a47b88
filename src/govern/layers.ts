/** A statement made of steps, each over the one before. */

/** Nests the steps: every layer but the first ends with `from step`, or joins something to it. */
export const stacked = (layers: readonly string[]): string =>
  layers.reduce((inner, layer) => layer.replace(/ from step(?=$| left join )/, () => ` from (${inner}) as step`));

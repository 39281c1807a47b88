/** What the abstract of an adopted file begins with. */

/** What the abstract says to begin with: the file or the table, and what stands above its table. */
export const abstractOf = (upload: {
  readonly name: string;
  readonly reading: { readonly layout: unknown; readonly title?: string | undefined; readonly unit?: string | undefined } | null;
}): string => {
  const { title, unit } = upload.reading ?? {};
  return [
    upload.reading?.layout === null ? `由库表“${upload.name}”登记建立` : `由“${upload.name}”上传建立`,
    ...(title ? [`原表标题：${title}`] : []),
    ...(unit ? [`原表注明单位：${unit}`] : []),
  ].join('；');
};

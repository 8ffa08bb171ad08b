/** The build reads a style sheet as text, made small. */
declare module "*.css" {
  const text: string;
  // biome-ignore lint/style/noDefaultExport: that is how esbuild gives a text
  export default text;
}

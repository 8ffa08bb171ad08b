/** The build reads a style sheet as text, made small. */
declare module "*.css" {
  const text: string;
  export default text;
}

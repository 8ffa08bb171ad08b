/** What is read from outside has no type until somebody looked at it. */

interface Body {
  json(): Promise<unknown>;
}

interface JSON {
  parse(text: string): unknown;
}

interface CustomEvent {
  readonly detail: unknown;
}

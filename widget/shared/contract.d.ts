/** What travels between the widget and the service (`GET /api/v1/touchpoints/...`, `POST /api/v1/responses`). */

/** As it goes over the wire: a number, a code or a text; a list of codes where several may be chosen. */
export type Value = number | string | string[];

/** By the code of the item. */
export type Answers = Record<string, Value>;

/** How to ask an item: which field, how it lies, and what it offers. No script here knows a kind of question. */
export interface Item {
  code: string;
  /** By its name: the sentence for a missing answer is found by it. */
  kind: string;
  control: "radio" | "checkbox" | "textarea";
  layout: "numbers" | "words" | "faces" | "few" | "list" | "text";
  text: string;
  help?: string;
  required?: boolean;
  notApplicable?: boolean;
  askIf?: { item: string; values: (number | string)[] } | null;
  /** Each as it is sent, and the words for it. */
  values?: { value: number | string; label: string }[];
  /** What stands beside the first and the last value: "1 is very bad". */
  ends?: string[];
}

export interface Texts {
  notApplicable: string;
  optional: string;
  intro?: string;
  send: string;
  sendFirst: string;
  close: string;
  sending: string;
  thanksTitle: string;
  thanks: string;
  thanksFirst: string;
  failed: string;
  again: string;
  link: string;
  errorHeading: string;
  charactersLeft: string;
  charactersOver: string;
  private?: string;
  leaveEmpty: string;
  privacy?: string;
  privacyUrl?: string;
  accessibility?: string;
  accessibilityUrl?: string;
  /** A link, where one can ask to be called; and the page for it. */
  call?: string;
  callUrl?: string;
  errors: Record<string, string>;
}

export type Colours = Partial<
  Record<"text" | "background" | "accent" | "onAccent" | "checked" | "link" | "focus" | "border" | "error", string>
>;

export interface Survey {
  touchpoint: string;
  questionnaire: string;
  version: number;
  language: string;
  dir?: string;
  title: string;
  items: Item[];
  texts: Texts;
  style?: Colours & { font?: string; dark?: Colours };
  /** Whether these are the items for one of the few who are asked something else than the others. */
  sampled?: boolean;
  token: string;
  link: string;
}

/** What a response carries beside its answers. */
export interface Extras {
  dimensions?: Record<string, string>;
  website?: string;
}

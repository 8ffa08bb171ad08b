/** What travels between the widget and the service (`GET /api/v1/touchpoints/...`, `POST /api/v1/responses`). */

export type Kind = "mark" | "agreement" | "smileys" | "yes_partly_no" | "choice" | "choices" | "text";

/** As it goes over the wire: a number, a code or a text; a list of codes for `choices`. */
export type Value = number | string | string[];

/** By the code of the item. */
export type Answers = Record<string, Value>;

export interface Item {
  code: string;
  kind: Kind;
  text: string;
  help?: string;
  required?: boolean;
  notApplicable?: boolean;
  askIf?: { item: string; values: (number | string)[] } | null;
  options?: { code: string; label: string }[];
  low?: string;
  high?: string;
}

export interface Texts {
  agreement: string[];
  smileys: string[];
  yesPartlyNo: Record<string, string>;
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
  anchor?: string;
  charactersLeft: string;
  charactersOver: string;
  private?: string;
  leaveEmpty: string;
  privacy?: string;
  privacyUrl?: string;
  accessibility?: string;
  accessibilityUrl?: string;
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
  token: string;
  link: string;
}

/** What a response carries beside its answers. */
export interface Extras {
  dimensions?: Record<string, string>;
  website?: string;
}

/** What the kiosk keeps, and what travels between it and the service (`/api/v1/kiosks/...`). */

import type { Answers, Item, Texts } from "../shared/contract.js";
import type { Counted } from "./counted.js";
import type { Keys, Locked } from "./seal.js";

/** The words that only a kiosk says, as `ingest/texts/kiosk/` has them. */
export type Word =
  | "choose"
  | "invite"
  | "phone"
  | "phoneCode"
  | "display"
  | "larger"
  | "contrast"
  | "read"
  | "readStop"
  | "next"
  | "skip"
  | "back"
  | "send"
  | "stop"
  | "step"
  | "stillThere"
  | "stay"
  | "saving"
  | "thanksTitle"
  | "thanks"
  | "improved"
  | "notSavedTitle"
  | "notSaved"
  | "again"
  | "keyBoard"
  | "keyType"
  | "keyShift"
  | "keyErase"
  | "keySpace"
  | "keyDone"
  | "keyLetters"
  | "keyLatin"
  | "keyMarks"
  | "keyDigits"
  | "keyComma"
  | "keyStop"
  | "keyApostrophe"
  | "keyQuestion"
  | "keyExclamation"
  | "steady"
  | "listenHow"
  | "listenNext"
  | "listenChoose"
  | "listenRepeat"
  | "listenPlace"
  | "listenChosen"
  | "listenNotChosen"
  | "listenEmpty"
  | "listenStay"
  | "listenMissing"
  | "pairTitle"
  | "pair"
  | "pairCode"
  | "pairWaiting"
  | "pairExpired"
  | "cardTitle"
  | "card"
  | "cardSmaller"
  | "cardLarger"
  | "cardDone"
  | "offlineTitle"
  | "offline"
  | "storageTitle"
  | "storage"
  | "operatorTitle"
  | "operator"
  | "operatorNotice";

export type KioskTexts = Record<Word, string> & Record<"countdown" | "waiting", Counted>;

/** There is always one: a questionnaire without a question is refused when the service starts. */
export type Items = [Item, ...Item[]];

/** All that is asked and said in one language. */
export interface Language {
  code: string;
  name: string;
  dir: string;
  title: string;
  items: Items;
  texts: Texts;
  kiosk: KioskTexts;
  /** The last thing that was improved here after what people answered: when (`2026-05-31`), what, in which language. */
  improvement?: { date: string; text: string; language: string };
}

/** Everything to ask without a network. */
export interface Survey {
  touchpoint: string;
  version: number;
  intervalSeconds: number;
  resetSeconds: number;
  /** Whether texts are asked: there is a keyboard on the screen. A service of the previous version does not say so. */
  text?: boolean;
  /** The first is that of the start. */
  languages: [Language, ...Language[]];
  openLink: string;
  /** Of what is asked; a sync says which one holds now. */
  etag: string;
  /** Of the reply, for the next question whether it changed. */
  tag: string;
}

/** The same as the service sends it. */
export interface SentSurvey extends Omit<Survey, "languages" | "tag"> {
  languages: [SentLanguage, ...SentLanguage[]];
}

type SentLanguage = Omit<Language, "kiosk"> & { texts: { kiosk: KioskTexts } };

export interface Response {
  responseId: string;
  touchpoint: string;
  version: number;
  language: string;
  answers: Answers;
  complete: boolean;
  suspect: boolean;
}

/** Both clocks at one moment, in whole ms, and the start that they belong to. */
export interface Time {
  boot: string;
  monotonic: number;
  wall: number;
}

/** A start of this kiosk. `jumpedAt` is on its monotonic clock. */
export interface Boot {
  boot: string;
  wall: number;
  jumpedAt?: number | undefined;
}

/** Who this kiosk is. Without a counter, or `unknown` to the service, it needs an operator. */
export interface Identity {
  kiosk: string;
  counter: number | null;
  unknown?: boolean;
}

/** What is kept beside the queue, by its key. */
export interface About {
  boots?: Boot[];
  /** Keys of kiosks that this tablet was before, by their id. */
  former?: Record<string, CryptoKeyPair>;
  identity?: Identity;
  keys?: Keys;
  /** For the kiosk that this one is about to become. */
  next?: Keys | undefined;
  survey?: Survey;
  /** How many pixels of CSS one millimetre of this screen takes, as a bank card showed. */
  millimetre?: number;
}

/** A response on disk, by its number in the queue. */
export interface Row {
  number: number;
  row: Locked;
}

/** The disk. */
export interface Store {
  get<Key extends keyof About>(key: Key): Promise<About[Key] | undefined>;
  set(values: About): Promise<void>;
  add(row: Locked, boot: string): Promise<void>;
  draft(boot: string, row: Locked | undefined): Promise<void>;
  drafts(): Promise<Map<string, Locked>>;
  count(): Promise<number>;
  oldest(most: number, after: number): Promise<Row[]>;
  settle(done: number[], aside: Row[], values: About): Promise<void>;
}

/** A response that waits, unlocked: as it was signed, by whom, and when. */
export interface Waiting extends Row {
  responseId: string;
  signer: string;
  time: Time;
  item: { payload: string; signature: string };
  unreadable?: boolean;
}

/** A reply, whoever gave it: a network's own page may say 200 as well, so nothing of it is sure to be there. */
export interface Reply<Body> {
  status: number;
  reply?: Partial<Body> | null;
  /** In seconds. */
  retryAfter?: number;
  /** The type of the refusal, an address. */
  problem?: string;
}

export interface Pairing {
  code: string;
}

export interface PairingState {
  state: "waiting" | "enrolled" | "expired" | "revoked";
  kiosk: string;
  counter?: number;
}

export interface Synchronised {
  counter: number | null;
  verdicts: { index: number; verdict: string; responseId?: string }[];
  survey: string;
}

/** What is to be seen of one resident's course. */
export interface View {
  screen: "question" | "waiting" | "saving" | "thanks" | "notSaved";
  survey: Survey;
  /** The code of the one that is spoken. */
  language: string;
  session: import("./session.js").Session;
  /** Somebody answered the first question. */
  begun: boolean;
  /** There is something to leave: an answer, also one that is only marked. */
  leaving: boolean;
  /** Nobody stands there. */
  inviting: boolean;
  /** What the countdown says; nothing while there is no need to hurry. */
  seconds: number | undefined;
  /** Seconds until the response is kept. */
  wait: number | undefined;
}

/** What somebody who stands at the kiosk may do. */
export type Acts = Pick<
  import("./resident.js").Resident,
  "again" | "alter" | "answer" | "back" | "choose" | "give" | "next" | "stay" | "stop"
>;

/** Not in the types that come with TypeScript 7, nor in every browser: Chromium has it from 123 on. The part that we use. */

interface ExtendableEvent {
  addRoutes?(routes: { condition: { urlPattern: string }; source: string }[]): Promise<void>;
}

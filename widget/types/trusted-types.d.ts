/** Not in the types of the DOM that come with TypeScript 7; the part that we use. A page that asks for them has it. */

declare var trustedTypes:
  | {
      createPolicy(
        name: string,
        rules: { createScriptURL(url: string): string },
      ): { createScriptURL(url: string): string };
    }
  | undefined;

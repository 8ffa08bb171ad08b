// What is left of the HTML on standard input, as the page of Open Forms cleans it before it shows it.
import { readFileSync } from "node:fs";

import createDOMPurify from "dompurify";
import { JSDOM } from "jsdom";

const purify = createDOMPurify(new JSDOM("").window);
process.stdout.write(
  purify.sanitize(readFileSync(0, "utf-8"), { USE_PROFILES: { html: true } }),
);

// Build element/ into dist/: one script, the same bytes under its stable name and under its hash.
// A file under a hash is for ever: pages name it with its checksum. So nothing is removed here.

import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { build, transform } from "esbuild";

const here = (/** @type {string} */ path) => new URL(path, import.meta.url);
const { values } = parseArgs({ options: { into: { type: "string", default: here("dist").pathname } } });
const dist = /** @type {string} */ (values.into);

/** A style sheet becomes a text within the script, made as small as the script itself. */
const sheets = {
  name: "style-sheets",
  setup(/** @type {import("esbuild").PluginBuild} */ building) {
    building.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true, charset: "utf8" });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

const { outputFiles } = await build({
  entryPoints: [here("element/widget.js").pathname],
  bundle: true,
  format: "iife",
  target: "es2022",
  // Modules are strict by themselves; the types' own settings would have that written again.
  tsconfigRaw: {},
  minify: true,
  // Names between our own modules; none of them is of the DOM, of the wire or for the page.
  mangleProps: /^(asked|element|enter|leave|read|show|tell)$/,
  charset: "utf8",
  legalComments: "none",
  write: false,
  plugins: [sheets],
});
const [{ contents: script }] = outputFiles;
const hash = createHash("sha256").update(script).digest("hex").slice(0, 12);
const sri = `sha384-${createHash("sha384").update(script).digest("base64")}`;

await mkdir(dist, { recursive: true });
const list = `${dist}/published.json`;
const published = /** @type {Record<string, { sri: string }>} */ (
  JSON.parse(await readFile(list, "utf8").catch(() => "{}"))
);
published[hash] ??= { sri };
await writeFile(`${dist}/widget.v1.js`, script);
await writeFile(`${dist}/widget.v1.${hash}.js`, script);
await writeFile(list, `${JSON.stringify(published, null, 2)}\n`);
console.log(`${dist}/widget.v1.${hash}.js: ${script.length} bytes`);

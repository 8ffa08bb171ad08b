/**
 * Says where a name has no type, or one that was written as `any` or `*`: `tsc` alone is content with what comes as
 * `any` out of a library. The interface that it asks is one that TypeScript still calls unstable; its version is
 * exact in package.json.
 * @import { Node, SourceFile } from "typescript/unstable/ast"
 * @import { Checker } from "typescript/unstable/sync"
 */

import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { SyntaxKind } from "typescript/unstable/ast";
import { API, TypeFlags } from "typescript/unstable/sync";
import process from "node:process";

const WIDGET = fileURLToPath(new URL("..", import.meta.url));
const SURROUNDINGS = ["page", "worker", "node"];

/** The names that stand for a value, and the types that are written as anything. @param {SourceFile} file */
function looked(file) {
  /** @type {Node[]} */
  const names = [];
  /** @type {Node[]} */
  const anything = [];
  /** @param {Node} node @param {boolean} [typed] within a type */
  const look = (node, typed = false) => {
    if (node.kind === SyntaxKind.AnyKeyword || node.kind === SyntaxKind.JSDocAllType) anything.push(node);
    if (node.kind === SyntaxKind.Identifier && !typed) names.push(node);
    const within = typed || isType(node);
    node.forEachChild((child) => {
      look(child, within || isRenamed(node, child));
    });
  };
  look(file);
  return { names, anything };
}

/** @param {Node} node */
const isType = ({ kind }) =>
  (kind >= SyntaxKind.FirstTypeNode && kind <= SyntaxKind.LastTypeNode) ||
  kind === SyntaxKind.HeritageClause ||
  /^(JSDoc|Import)/.test(`${SyntaxKind[kind]}`);

/** `{ name: other }` in a pattern: only `other` is a name here. @param {Node} node @param {Node} child */
const isRenamed = (node, child) =>
  node.kind === SyntaxKind.BindingElement && "propertyName" in node && node.propertyName === child;

/** @param {SourceFile} file @param {Checker} checker */
function faults(file, checker) {
  const { names, anything } = looked(file);
  const types = checker.getTypeAtLocation(names);
  const untyped = names.filter((_, at) => (types[at]?.flags ?? 0) & TypeFlags.Any);
  return [...anything, ...untyped].map((node) => {
    const line = file.text.slice(0, node.end).split("\n").length;
    return `${relative(WIDGET, file.fileName)}:${line}: ${file.text.slice(node.pos, node.end).trim()} is any`;
  });
}

const api = new API({ cwd: WIDGET });
/** @type {Set<string>} */
const found = new Set();
let files = 0;
for (const name of SURROUNDINGS) {
  const config = fileURLToPath(new URL(`tsconfig.${name}.json`, import.meta.url));
  const project = api.updateSnapshot({ openProjects: [config] }).getProject(config);
  if (!project) throw new Error(`${config} is not to be had`);
  for (const path of project.program.getSourceFileNames()) {
    const file = project.program.getSourceFile(path);
    if (!file || path.includes("node_modules") || project.program.isSourceFileDefaultLibrary(file)) continue;
    files += 1;
    for (const fault of faults(file, project.checker)) found.add(fault);
  }
}
api.close();
if (!files) throw new Error("nothing was looked at");
for (const fault of [...found].sort()) console.log(fault);
process.exitCode = found.size ? 1 : 0;

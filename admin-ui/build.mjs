// Compiles the styles and the script into dist/, which the Rust crate embeds.
// Nothing is fetched at run time: no fonts, no hosts, no NHS artwork.
import { copyFileSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { PurgeCSS } from "purgecss";
import * as sass from "sass";
import ts from "typescript";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
mkdirSync(dist, { recursive: true });
for (const stale of readdirSync(dist)) rmSync(join(dist, stale), { recursive: true });

const styles = sass.compile(join(here, "assets/app.scss"), {
  style: "compressed",
  loadPaths: [join(here, "node_modules")],
  quietDeps: true,
});
// Rules for components that no template uses never leave this folder: the provider's page must stay light on a phone.
const [kept] = await new PurgeCSS().purge({
  content: [join(here, "templates/**/*.html"), join(here, "src/**/*.rs"), join(here, "assets/app.ts")],
  css: [{ raw: styles.css }],
  safelist: [/^nhsuk-input--width-/],
});
writeFileSync(join(dist, "app.css"), kept.css);

const config = ts.getParsedCommandLineOfConfigFile(join(here, "tsconfig.json"), {}, { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (d) => { throw new Error(ts.flattenDiagnosticMessageText(d.messageText, "\n")); } });
const program = ts.createProgram(config.fileNames, config.options);
const { diagnostics } = program.emit();
const problems = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
if (problems.length > 0) {
  console.error(ts.formatDiagnostics(problems, { getCanonicalFileName: (f) => f, getCurrentDirectory: () => here, getNewLine: () => "\n" }));
  process.exit(1);
}

for (const icon of readdirSync(join(here, "assets/icons"))) {
  copyFileSync(join(here, "assets/icons", icon), join(dist, icon));
}
// The explorer of the demo and of sandboxes, from its own package: no page of ours loads it.
const explorer = {
  "graphiql.css": "node_modules/graphiql/graphiql.min.css",
  "graphiql.js": "node_modules/graphiql/graphiql.min.js",
  "graphiql-react.js": "node_modules/react/umd/react.production.min.js",
  "graphiql-react-dom.js": "node_modules/react-dom/umd/react-dom.production.min.js",
  "graphiql-explorer.js": "assets/explorer/explorer.js",
  "graphiql-explorer.css": "assets/explorer/explorer.css",
};
for (const [name, from] of Object.entries(explorer)) copyFileSync(join(here, from), join(dist, name));
for (const name of readdirSync(dist).sort()) console.log(`${String(statSync(join(dist, name)).size).padStart(8)}  ${name}`);

// node check.mjs [--update] [MODULE...]: runs the cases of the modules, or of all, under Node's own WASI and compares
// standard output, standard error and the exit code with the files of each case. --update writes these files.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { WASI } from "node:wasi";

const here = import.meta.dirname;

/** Runs one case and ends with its exit code: this file is its own child process, which has the standard streams. */
async function runCase(module, folder) {
  const args = lines(join(folder, "args"));
  const dir = existsSync(join(folder, "dir")) ? join(folder, "dir") : undefined;
  const wasi = new WASI({
    version: "preview1",
    args: [module, ...args],
    preopens: dir ? { "/": dir } : {},
    returnOnExit: true,
  });
  const compiled = await WebAssembly.compile(readFileSync(join(here, "..", "wasm", `${module}.wasm`)));
  process.exitCode = wasi.start(await WebAssembly.instantiate(compiled, wasi.getImportObject()));
}

function lines(path) {
  return existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : [];
}

function bytes(path) {
  return existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
}

function checkCases(modules, update) {
  let failures = 0;
  let count = 0;
  for (const module of modules) {
    for (const name of readdirSync(join(here, module, "cases")).sort()) {
      const folder = join(here, module, "cases", name);
      const child = spawnSync(process.execPath, ["--no-warnings", import.meta.filename, "--case", module, folder], {
        input: bytes(join(folder, "stdin")),
      });
      const found = { stdout: child.stdout, stderr: child.stderr, code: Buffer.from(`${child.status}\n`) };
      for (const [file, content] of Object.entries(found)) {
        const path = join(folder, file);
        const usual = file === "code" ? Buffer.from("0\n") : Buffer.alloc(0);
        if (update) {
          content.equals(usual) ? rmSync(path, { force: true }) : writeFileSync(path, content);
        } else if (!content.equals(existsSync(path) ? readFileSync(path) : usual)) {
          console.error(`${module} ${name}: another ${file}: ${content}`);
          failures++;
        }
      }
      count++;
    }
  }
  console.log(`${count} cases, ${failures} differences`);
  process.exitCode = failures === 0 ? 0 : 1;
}

const [option, ...rest] = process.argv.slice(2);
if (option === "--case") {
  await runCase(...rest);
} else {
  const update = option === "--update";
  const named = update ? rest : process.argv.slice(2);
  const all = readdirSync(here).filter((name) => existsSync(join(here, name, "cases")));
  checkCases(named.length > 0 ? named : all, update);
}

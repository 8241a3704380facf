// Says what Gmail, Outlook and Apple Mail do not support of the mails named: [[feature, program, file], …] as JSON.
import { readFileSync } from "node:fs";
import { caniemail } from "caniemail";

const clients = ["gmail.*", "outlook.*", "apple-mail.*"];
const found = new Map();
for (const file of process.argv.slice(2)) {
  const { issues } = caniemail({ clients, html: readFileSync(file, "utf8") });
  for (const [program, faults] of issues.errors) {
    for (const { title } of faults) {
      const fault = [title, program, file];
      found.set(fault.join("\n"), fault);
    }
  }
}
console.log(JSON.stringify([...found.values()]));

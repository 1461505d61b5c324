// Lets built commands read command lines as they do when they run, up to where they would begin.
// Input: JSON list of { file, id, words }. Output: JSON list of problems.
import { readFileSync } from 'node:fs';

const lines = JSON.parse(readFileSync(0, 'utf8'));
const problems = [];
process.setMaxListeners(0);
for (const { file, id, words } of lines) {
  try {
    const { default: Command } = await import(file);
    Command.id = id;
    const config = { bin: 'iggyctl', runHook: async () => ({ failures: [], successes: [] }) };
    await new Command([...words], config).init();
  } catch (error) {
    problems.push(`${id} ${words.join(' ')}: ${error.message}`);
  }
}
process.stdout.write(JSON.stringify(problems), () => process.exit(0));

// Stands in for the database driver's .node file inside the executable. The system can only load it from a real
// file, so it is written to a folder of our own for that moment: nothing is left behind, and nothing is
// loaded that another user could have put there.
const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const folder = mkdtempSync(join(tmpdir(), 'dsr-driver-'));
try {
  const file = join(folder, 'driver.node');
  writeFileSync(file, readFileSync(join(__dirname, 'driver.node')), { mode: 0o700 });
  process.dlopen(module, file);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

// What a visitor and an operator download, as brotli bytes. A build that is
// over a limit fails: a budget that only warns is not one.

const LIMITS = [
  { label: "loader", limit: 5000, files: /^loader\.js$/, each: true },
  { label: "live", limit: 5000, files: /^w\/live-/, each: true },
  { label: "panel", limit: 28000, files: /^w\/panel-/, each: true },
  {
    label: "widget locale",
    limit: 2000,
    files: /^w\/[a-z]{2}-/,
    each: true,
  },
  { label: "widget in all", limit: 45000, files: /^(loader\.js|w\/(?!full-))/ },
  { label: "in one file", limit: 42000, files: /^w\/full-/, each: true },
  {
    label: "console entry",
    limit: 60000,
    files: /^console\/assets\/app-.*\.js$/,
    each: true,
  },
  { label: "console style", limit: 12000, files: /^console\/.*\.css$/ },
  {
    label: "console locale",
    limit: 8000,
    files: /^console\/assets\/console\.[a-z]+-.*\.js$/,
    each: true,
  },
  {
    label: "console reports",
    limit: 200000,
    files: /^console\/assets\/reports-.*\.js$/,
  },
  {
    label: "console route",
    limit: 15000,
    files: /^console\/assets\/(?!(app|console\.[a-z]+|reports|chunk)-).*\.js$/,
    each: true,
  },
];

/** A file and all that it imports at once, over any number of steps. */
function withImports(name, imports, found = new Set()) {
  if (!found.has(name)) {
    found.add(name);

    for (const other of imports.get(name) ?? []) {
      withImports(other, imports, found);
    }
  }

  return found;
}

/** What comes with a file that is asked for: all but what is there before. */
function groupOf(name, imports, loaded) {
  const group = [...withImports(name, imports)];

  return [name, ...group.filter((one) => one !== name && !loaded.has(one))];
}

/**
 * Prints the sizes; returns the limits that are broken. `imports` has the
 * static imports of each of the console's files, `entry` what its page loads:
 * a chunk that several share counts with whatever loads it first.
 */
export function checkBudgets(output, { imports, entry }) {
  const broken = [];
  const loaded = entry ? withImports(entry, imports) : new Set();

  for (const { label, limit, files, each } of LIMITS) {
    const found = Object.keys(output.files).filter((name) => files.test(name));
    const groups = each
      ? found.map((name) =>
          groupOf(name, imports, name === entry ? new Set() : loaded),
        )
      : [found];

    for (const group of groups.filter((names) => names.length > 0)) {
      const size = group.reduce((sum, name) => sum + output.size(name), 0);
      const more = group.length > 1 ? ` and ${group.length - 1} more` : "";
      const what = each ? group[0] + more : `${group.length} files`;
      const line = `${label.padEnd(16)}${String(size).padStart(7)} / ${limit}`;

      console.log(`${line}  ${what}`);

      if (size > limit) {
        broken.push(`${label}: ${size} bytes, limit ${limit} (${what})`);
      }
    }
  }

  return broken;
}

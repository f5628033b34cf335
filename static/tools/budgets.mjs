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
  { label: "widget in all", limit: 45000, files: /^(loader\.js|w\/)/ },
  {
    label: "console entry",
    limit: 60000,
    files: /^console\/assets\/app-.*\.js$/,
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

/** Prints the sizes; returns the limits that are broken. */
export function checkBudgets(output) {
  const broken = [];

  for (const { label, limit, files, each } of LIMITS) {
    const found = Object.keys(output.files).filter((name) => files.test(name));
    const groups = each ? found.map((name) => [name]) : [found];

    for (const group of groups.filter((names) => names.length > 0)) {
      const size = group.reduce((sum, name) => sum + output.size(name), 0);
      const what = each ? group[0] : `${group.length} files`;
      const line = `${label.padEnd(16)}${String(size).padStart(7)} / ${limit}`;

      console.log(`${line}  ${what}`);

      if (size > limit) {
        broken.push(`${label}: ${size} bytes, limit ${limit} (${what})`);
      }
    }
  }

  return broken;
}

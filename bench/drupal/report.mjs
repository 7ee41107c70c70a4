// The figures, as a table.

const AIMS = { statements: 1, p99: 5 };

function number(value) {
  if (value === undefined) return '–';
  if (value >= 100) return Math.round(value).toLocaleString('en');
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

const ROWS = [
  ['statements to MariaDB, a second', ({ statements }) => statements],
  ['of them reading (Com_select)', ({ selects }) => selects],
  ['requests of PHP, a second', ({ requests }) => requests],
  ['CPU of MariaDB, % of a core', ({ cpu }) => cpu.mariadb * 100],
  ['CPU of php-fpm, % of a core', ({ cpu }) => cpu.php * 100],
  ['CPU of nginx, % of a core', ({ cpu }) => cpu.nginx * 100],
  ['CPU of the broker, % of a core', ({ cpu }) => cpu.broker * 100],
  ['from sending to reading, p50 ms', ({ p50 }) => p50],
  ['… p99 ms', ({ p99 }) => p99],
  ['… longest ms', ({ most }) => most],
  ['statements for one person’s coming', ({ arrival }) => arrival],
];

function table(ways, markdown) {
  const heads = ['', ...ways.map(({ way }) => way)];
  const rows = ROWS.map(([name, of]) => [
    name,
    ...ways.map((way) => number(of(way))),
  ]);
  if (markdown) {
    const line = (cells) => `| ${cells.join(' | ')} |`;
    const rule = `|---|${ways.map(() => '---:').join('|')}|`;
    return [line(heads), rule, ...rows.map(line)];
  }
  const widths = heads.map((_, column) =>
    Math.max(...[heads, ...rows].map((row) => row[column].length)),
  );
  return [heads, ...rows].map((row) =>
    row
      .map((cell, column) =>
        column === 0
          ? cell.padEnd(widths[column])
          : cell.padStart(widths[column] + 3),
      )
      .join(''),
  );
}

export function report({ about, machine, ways, markdown, ...how }) {
  const { people, seconds, every, workers } = how;
  const [, native] = ways;
  const lost = ways
    .filter(({ good }) => !good)
    .map(
      ({ way, lines, missing, twice }) =>
        `FAULT ${way}: of ${lines} lines ${missing} readings are missing, ${twice} came twice`,
    );
  const aim = (name, value, most) =>
    `${name}: at most ${most}, measured ${number(value)}, ${value <= most ? 'met' : 'not met'}`;
  return `${[
    `${people} people on ${about}; each says a line every ${every} s; ${seconds} s of each way`,
    `MariaDB, php-fpm with ${workers} processes, nginx; ${machine}`,
    `${native.lines} lines, read by ${native.readings.toLocaleString('en')} in all`,
    '',
    ...table(ways, markdown),
    '',
    aim('drupalrt, statements a second', native.statements, AIMS.statements),
    aim('drupalrt, p99 ms', native.p99, AIMS.p99),
    ...lost,
  ].join('\n')}\n`;
}

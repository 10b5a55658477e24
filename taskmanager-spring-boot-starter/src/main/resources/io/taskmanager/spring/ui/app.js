'use strict';
/*
 * The live page of the task managers. Polls `data` once a second, keeps five minutes of it, and writes it into the elements of
 * index.html. Whatever comes from the application is set as text, never as HTML: names, tasks and events are users' words.
 *
 * Parts, from the top: theme, small helpers, texts of numbers, history, figures, charts, a manager, the overview, the dialog,
 * which managers are shown, polling.
 */

const WINDOW = 300_000; // ms that the charts show
const RECENT = 5_000; // ms over which rates and mean times are taken: one second alone is noise
const GAP = 5_000; // ms without a sample from which on a line is broken
const STANDSTILL = 5; // answers in a row without a new sample, from which on the application takes none
const EVENTS = 200; // kept for each manager
const LONGEST_BACKOFF = 30; // s
const ANSWER_WITHIN = 10_000; // ms
const FAILING = 0.05; // ratio of failures from which on a manager ranks before those that only have much to do
const SHOWN_AT_ONCE = 3; // with more managers, an overview comes first

/* ---- Theme: the system's choice, unless the other was chosen by hand ---- */

const systemDark = matchMedia('(prefers-color-scheme: dark)');

function storedTheme() {
  try {
    return localStorage.getItem('taskmanager-theme');
  } catch (e) {
    return null; // the browser allows no storage
  }
}

function storeTheme(theme) {
  try {
    if (theme === null) {
      localStorage.removeItem('taskmanager-theme');
    } else {
      localStorage.setItem('taskmanager-theme', theme);
    }
  } catch (e) {
    // It holds until the page is left.
  }
}

const systemTheme = () => (systemDark.matches ? 'dark' : 'light');

function showTheme(theme) {
  document.documentElement.dataset.theme = theme;
  const button = document.querySelector('[data-control="theme"]');
  if (button) {
    button.textContent = theme === 'dark' ? 'Light' : 'Dark';
    button.setAttribute('aria-label', `${button.textContent} theme`);
  }
  shown.forEach(view => view.redraw());
}

function switchTheme() {
  const other = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
  storeTheme(other === systemTheme() ? null : other);
  showTheme(other);
}

/* ---- Small helpers ---- */

const last = list => list[list.length - 1];

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) {
    made.className = className;
  }
  if (text !== undefined) {
    made.textContent = text;
  }
  return made;
}

const fromTemplate = id => document.getElementById(id).content.firstElementChild.cloneNode(true);

/** Touches the document only where something changed, so that a selection and a screen reader are left alone. */
function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

function setLabel(node, label) {
  if (node.getAttribute('aria-label') !== label) {
    node.setAttribute('aria-label', label);
  }
}

/** Makes a container have as many children as there are items, and has each child show its item. */
function reconcile(container, items, create, show) {
  while (container.children.length > items.length) {
    container.lastElementChild.remove();
  }
  while (container.children.length < items.length) {
    container.append(create());
  }
  items.forEach((item, i) => show(container.children[i], item));
}

/* ---- Texts of numbers; null is "not known" ---- */

const NONE = '–';
const UNIT = '\u00a0'; // between a number and its unit: no line break

const two = number => String(number).padStart(2, '0');

function clock(at) {
  const date = new Date(at);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

function count(number) {
  return number == null ? NONE : number.toLocaleString('en', { maximumFractionDigits: 0 });
}

/** With one decimal where it says something. */
function decimal(number) {
  if (number == null) {
    return NONE;
  }
  return number === 0 || number >= 99.95 ? count(number) : number.toFixed(1);
}

const perSecond = number => (number == null ? NONE : `${decimal(number)}/s`);

function percent(ratio) {
  if (ratio == null) {
    return NONE;
  }
  return ratio > 0 && ratio < 0.0005 ? `<0.1${UNIT}%` : `${decimal(ratio * 100)}${UNIT}%`;
}

/** A span in ms, in two units at most. */
function span(ms) {
  if (ms == null) {
    return NONE;
  }
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (ms < 999.5) {
    return `${ms < 10 && ms > 0 ? ms.toFixed(1) : Math.round(ms)}${UNIT}ms`;
  }
  if (seconds < 60) {
    return `${(ms / 1000).toFixed(1)}${UNIT}s`;
  }
  if (minutes < 60) {
    return `${minutes}${UNIT}min ${seconds % 60}${UNIT}s`;
  }
  return hours < 48 ? `${hours}${UNIT}h ${minutes % 60}${UNIT}min` : `${Math.floor(hours / 24)}${UNIT}d ${hours % 24}${UNIT}h`;
}

/** Milliseconds of an ISO 8601 duration as the JDK writes it, such as PT1H2M3.5S. */
function millisOf(duration) {
  const parts = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(duration || '');
  if (!parts) {
    return null;
  }
  const [hours, minutes, seconds] = parts.slice(1).map(part => Number(part || 0));
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

const words = constant => constant.toLowerCase().replace(/_/g, ' ');

/* ---- History: what the application told, by manager ---- */

const managers = new Map(); // name → {state, why, stats, maxWorkers, workers, samples, events}
let cursor = 0; // up to where the application has told: when it took its last sample, by its own clock
let standing = 0; // answers in a row since the cursor moved
let newest = Date.now(); // time of the newest sample: the right edge of all charts, by the application's clock

function accept(answer) {
  const told = Object.entries(answer.managers);
  const before = new Map(managers);
  managers.clear();
  told.forEach(([name, now]) => managers.set(name, merge(before.get(name), now)));
  newest = Math.max(0, ...[...managers.values()].map(manager => (last(manager.samples) || { at: 0 }).at)) || newest;
  managers.forEach(forgetOld);
  standing = answer.cursor === cursor ? standing + 1 : 0;
  cursor = answer.cursor;
}

function merge(old, now) {
  const samples = old ? old.samples : [];
  const from = samples.length ? last(samples).at : 0;
  samples.push(...now.samples.filter(sample => sample.at > from));
  const events = old ? old.events : [];
  const known = new Set(events.map(event => event.key));
  now.events
    .map(event => ({ ...event, time: Date.parse(event.at), key: `${event.at} ${event.type} ${event.detail}` }))
    .filter(event => !known.has(event.key))
    .forEach(event => events.push(event));
  return { ...now, samples, events: events.slice(-EVENTS) };
}

function forgetOld(manager) {
  const from = newest - WINDOW;
  const kept = manager.samples.findIndex(sample => sample.at >= from);
  manager.samples.splice(0, kept === -1 ? manager.samples.length : kept);
}

/** Whether the totals of two samples can't be compared: the application was restarted, or nobody listened for a while. */
function isGap(before, sample) {
  return sample.at - before.at > GAP || sample.arrived < before.arrived || sample.completed < before.completed;
}

/* ---- Figures: what samples say together ---- */

/** How much totals grew over some samples, and in how many seconds; without the gaps. */
function growth(samples, ...totals) {
  const grown = { seconds: 0 };
  totals.forEach(total => (grown[total] = 0));
  for (let i = 1; i < samples.length; i++) {
    if (!isGap(samples[i - 1], samples[i])) {
      grown.seconds += (samples[i].at - samples[i - 1].at) / 1000;
      totals.forEach(total => (grown[total] += samples[i][total] - samples[i - 1][total]));
    }
  }
  return grown;
}

function figures(manager) {
  const { samples, stats } = manager;
  const latest = last(samples);
  const recent = growth(samples.filter(sample => sample.at >= newest - RECENT - 500), 'completed');
  const all = growth(samples, 'completed', 'failed', 'timedOut', 'cancelled', 'retried');
  const ended = all.completed + all.failed + all.timedOut + all.cancelled;
  return {
    paused: Boolean(stats && stats.paused),
    outage: Boolean(latest && latest.outage),
    waiting: stats ? stats.queuedTasks + stats.priorityTasks + stats.retryingTasks : null,
    throughput: recent.seconds > 0 ? recent.completed / recent.seconds : null,
    waitP95: latest && latest.waits > 0 ? latest.waitP95 : null,
    failureRatio: ended > 0 ? (all.failed + all.timedOut) / ended : null,
    retries: latest ? all.retried : null,
  };
}

/** As of a manager that was not created, or of a mock, which explains nothing. */
function whyOf(manager) {
  if (manager.state === 'NOT_CREATED') {
    return 'Not created yet: its bean is lazy, and nobody has needed it.';
  }
  return manager.why || 'It does not say.';
}

/* ---- Charts ---- */

// Lines differ by colour (class in style.css, colours of Okabe and Ito) and by dashes.
const LINES = {
  one: [],
  two: [8, 3],
  three: [2, 3],
  four: [10, 3, 2, 3],
  limit: [5, 5],
};

const rate = total => (sample, before) => (before ? ((sample[total] - before[total]) * 1000) / (sample.at - before.at) : null);

/** Mean of what ended since then. Undefined if nothing ended in it: the line goes on to the next that says something. */
const mean = (sum, number) => (sample, before) => {
  if (!before) {
    return null;
  }
  const ended = sample[number] - before[number];
  return ended > 0 ? (sample[sum] - before[sum]) / ended : undefined;
};

/** A number that says nothing before there was one to count. */
const percentile = (value, number) => sample => (sample[number] > 0 ? sample[value] : null);

const CHARTS = [
  {
    id: 'throughput',
    title: 'Arrivals and completions',
    unit: 'per second',
    format: decimal,
    series: [
      { label: 'arrived', line: 'one', of: rate('arrived'), fill: true },
      { label: 'completed', line: 'two', of: rate('completed') },
    ],
  },
  {
    id: 'queue',
    title: 'Queue by lane',
    unit: 'waiting',
    format: count,
    whole: true,
    series: [
      { label: 'main', line: 'one', of: sample => sample.main, fill: true },
      { label: 'priority', line: 'two', of: sample => sample.priority },
      { label: 'retry', line: 'three', of: sample => sample.retry },
    ],
  },
  {
    id: 'workers',
    title: 'Workers',
    unit: '▼ scaling acted',
    format: count,
    whole: true,
    stepped: true,
    marks: ['SCALED', 'RESIZED'],
    series: [
      { label: 'busy', line: 'one', of: sample => sample.busy, fill: true },
      { label: 'active', line: 'two', of: sample => sample.active },
      { label: 'starting', line: 'three', of: sample => sample.starting },
      { label: 'max', line: 'limit', of: sample => sample.max },
    ],
  },
  {
    id: 'waits',
    title: 'Wait times',
    unit: 'percentiles since the start',
    format: span,
    series: [
      { label: 'mean', line: 'one', of: mean('waitMillis', 'waits') },
      { label: 'p95', line: 'two', of: percentile('waitP95', 'waits') },
      { label: 'p99', line: 'three', of: percentile('waitP99', 'waits') },
    ],
  },
  {
    id: 'runs',
    title: 'Run times',
    unit: 'percentiles since the start',
    format: span,
    series: [
      { label: 'mean', line: 'one', of: mean('runMillis', 'runs') },
      { label: 'p50', line: 'four', of: percentile('runP50', 'runs') },
      { label: 'p95', line: 'two', of: percentile('runP95', 'runs') },
      { label: 'p99', line: 'three', of: percentile('runP99', 'runs') },
    ],
  },
  {
    id: 'failures',
    title: 'Failures and retries',
    unit: 'per second',
    format: decimal,
    series: [
      { label: 'retried', line: 'one', of: rate('retried') },
      { label: 'failed', line: 'two', of: rate('failed') },
      { label: 'timed out', line: 'three', of: rate('timedOut') },
      { label: 'rejected', line: 'four', of: rate('rejected') },
    ],
  },
];

/** Columns as uPlot wants them: times in seconds, then the values of each series; nulls break the lines at a gap. */
function columns(samples, series) {
  const table = [[], ...series.map(() => [])];
  let from = 0; // the sample with which the present one is compared
  const add = (at, values) => [at / 1000, ...values].forEach((value, i) => table[i].push(value));
  samples.forEach((sample, i) => {
    const previous = samples[i - 1];
    const broken = previous !== undefined && isGap(previous, sample);
    if (broken) {
      add(previous.at + 1, series.map(() => null));
      from = i;
    }
    while (sample.at - samples[from].at > RECENT + 500) {
      from++;
    }
    add(sample.at, series.map(({ of }) => of(sample, from < i ? samples[from] : undefined)));
  });
  return table;
}

/** Sample of a line with its dashes, for the key of a chart. */
function swatch(line) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const stroke = document.createElementNS('http://www.w3.org/2000/svg', 'line');
  svg.setAttribute('viewBox', '0 0 21 8');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', `swatch line-${line}`);
  Object.entries({ x1: 0, x2: 21, y1: 4, y2: 4, 'stroke-dasharray': LINES[line].join(' ') })
    .forEach(([name, value]) => stroke.setAttribute(name, value));
  svg.append(stroke);
  return svg;
}

/** Key of a chart: a button for each series, which hides it, with its value now or under the cursor. */
function createKeys(container, spec, toggle) {
  return spec.series.map(({ label, line }, i) => {
    const key = element('button', 'key');
    const value = element('span', 'value');
    key.type = 'button';
    key.setAttribute('aria-pressed', 'true');
    key.dataset.series = label;
    key.append(swatch(line), element('span', '', label), value);
    key.addEventListener('click', () => {
      const show = key.getAttribute('aria-pressed') === 'false';
      key.setAttribute('aria-pressed', String(show));
      toggle(i, show);
    });
    container.append(key);
    return { key, value };
  });
}

/** A chart of one manager, whose cursor moves together with those of its other charts. */
function createChart(name, spec) {
  const figure = fromTemplate('chart-template');
  const plot = figure.querySelector('.plot');
  const table = figure.querySelector('.scroll');
  const toggle = figure.querySelector('[data-control="table"]');
  const none = figure.querySelector('.none');
  const unit = figure.querySelector('.unit');
  let manager;
  let chart;
  let data;

  figure.dataset.chart = spec.id;
  figure.querySelector('h3').textContent = spec.title;
  figure.querySelector('.keys').setAttribute('aria-label', `Lines of ${spec.title}`);
  table.setAttribute('aria-label', `${spec.title} of ${name}, as table`);
  toggle.setAttribute('aria-label', `Show as table: ${spec.title}`);
  const keys = createKeys(figure.querySelector('.keys'), spec, (i, show) => chart && chart.setSeries(i + 1, { show }));
  fillHead();
  toggle.addEventListener('click', () => {
    const open = table.hidden;
    toggle.setAttribute('aria-expanded', String(open));
    toggle.textContent = open ? 'As chart' : 'As table';
    toggle.setAttribute('aria-label', `Show ${open ? 'as chart' : 'as table'}: ${spec.title}`);
    table.hidden = !open;
    show();
  });
  const observer = new ResizeObserver(() => chart && plot.clientWidth > 0 && chart.setSize(sizeOf(plot)));
  observer.observe(plot);

  function fillHead() {
    const head = table.querySelector('thead tr');
    ['Time', ...spec.series.map(series => series.label), ...(spec.marks ? ['Scaling'] : [])].forEach((text, i) => {
      const cell = element('th', i > 0 && text !== 'Scaling' ? 'number' : '', text);
      cell.scope = 'col';
      head.append(cell);
    });
  }

  function marks() {
    return spec.marks && manager ? manager.events.filter(event => spec.marks.includes(event.type)) : [];
  }

  function showKeys() {
    const pointed = chart && chart.cursor.idx != null;
    const at = pointed ? chart.cursor.idx : data[0].length - 1;
    setText(unit, pointed ? `at ${clock(data[0][at] * 1000)}` : spec.unit);
    keys.forEach(({ value }, i) => setText(value, spec.format(data[i + 1][at])));
  }

  function showTable() {
    const rows = data[0]
      .map((at, i) => ({ at, since: i ? data[0][i - 1] : at - 1, values: data.slice(1).map(column => column[i]) }))
      .filter(({ values }) => values.some(value => value !== null))
      .reverse();
    reconcile(table.querySelector('tbody'), rows, () => {
      const row = element('tr');
      row.append(...data.map((column, i) => element('td', i ? 'number' : '')), ...(spec.marks ? [element('td')] : []));
      return row;
    }, (row, { at, since, values }) => {
      const cells = row.children;
      setText(cells[0], clock(at * 1000));
      values.forEach((value, i) => setText(cells[i + 1], spec.format(value)));
      if (spec.marks) {
        const meanwhile = marks().filter(({ time }) => time > since * 1000 && time <= at * 1000);
        setText(last(cells), meanwhile.map(event => event.detail).join('; '));
      }
    });
  }

  function show() {
    const open = !table.hidden;
    const empty = data[0].length === 0;
    plot.hidden = open || empty;
    none.hidden = open || !empty;
    if (open) {
      showTable();
    }
    if (plot.hidden) {
      return;
    }
    if (chart) {
      chart.setData(data);
    } else {
      chart = new uPlot(optionsOf(name, spec, plot, keys, marks, showKeys), data, plot);
    }
    const now = keys.map(({ value }, i) => `${spec.series[i].label} ${spec.format(last(data[i + 1]))}`);
    setLabel(plot, `${spec.title} (${spec.unit}) of ${name}, the last five minutes. Now: ${now.join(', ')}.`);
  }

  return {
    figure,
    update(now) {
      manager = now;
      data = columns(manager.samples, spec.series);
      show();
      showKeys();
    },
    redraw: () => chart && chart.redraw(false),
    destroy() {
      observer.disconnect();
      if (chart) {
        chart.destroy();
      }
    },
  };
}

const sizeOf = plot => ({ width: plot.clientWidth, height: 168 });

/** Colours come from the style sheet at each drawing, so that a chart follows the theme. */
const colourOf = (node, property = 'color') => getComputedStyle(node)[property];

const FONT = '11px system-ui, sans-serif';

/** Of axes that count: no half workers. */
const WHOLE_STEPS = [0, 1, 2, 3, 4, 5, 6].flatMap(power => [1, 2, 5].map(step => step * 10 ** power));

function optionsOf(name, spec, plot, keys, marks, showKeys) {
  const axis = {
    stroke: () => colourOf(plot),
    font: FONT,
    grid: { stroke: () => colourOf(plot, 'outlineColor'), width: 1 },
    ticks: { show: false },
  };
  return {
    ...sizeOf(plot),
    padding: [10, 16, 0, 0],
    legend: { show: false }, // ours tells dashes and is made of buttons
    cursor: { sync: { key: `manager ${name}` }, y: false, drag: { x: false, y: false } },
    scales: {
      x: { range: () => [(newest - WINDOW) / 1000, newest / 1000] },
      y: { range: (chart, least, most) => [0, Math.max(1, (most || 0) * 1.12)] },
    },
    axes: [
      {
        ...axis,
        size: 24,
        gap: 6,
        incrs: [60, 120, 300],
        values: (chart, times) => times.map(at => clock(at * 1000).slice(0, 5)),
      },
      {
        ...axis,
        size: 52,
        gap: 6,
        space: 34,
        ...(spec.whole ? { incrs: WHOLE_STEPS } : {}),
        values: (chart, values) => values.map(value => (value === 0 ? '0' : spec.format(value).replace('.0', ''))),
      },
    ],
    series: [
      {},
      ...spec.series.map(({ label, line, fill }, i) => ({
        label,
        show: keys[i].key.getAttribute('aria-pressed') === 'true',
        stroke: () => colourOf(keys[i].key.firstElementChild),
        fill: fill ? () => colourOf(keys[i].key.firstElementChild, 'fill') : undefined,
        width: 2,
        dash: LINES[line].map(length => length * devicePixelRatio), // uPlot takes them for pixels of the screen
        cap: 'butt',
        points: { show: false },
        ...(spec.stepped ? { paths: uPlot.paths.stepped({ align: 1 }) } : {}),
      })),
    ],
    hooks: {
      setCursor: [showKeys],
      draw: [chart => marks().forEach(event => drawMark(chart, event.time / 1000, colourOf(plot)))],
    },
  };
}

/** A triangle at the top and a thin line down from it. */
function drawMark(chart, at, colour) {
  if (at < chart.scales.x.min || at > chart.scales.x.max) {
    return;
  }
  const { ctx, bbox } = chart;
  const pixel = uPlot.pxRatio;
  const x = Math.round(chart.valToPos(at, 'x', true));
  const half = 4 * pixel;
  ctx.save();
  ctx.fillStyle = colour;
  ctx.fillRect(x - pixel / 2, bbox.top, pixel, bbox.height);
  ctx.beginPath();
  ctx.moveTo(x - half, bbox.top - half);
  ctx.lineTo(x + half, bbox.top - half);
  ctx.lineTo(x, bbox.top + half);
  ctx.fill();
  ctx.restore();
}

/* ---- One manager ---- */

function showBadges(node, manager, { outage, paused }) {
  const state = node.querySelector('[data-value="state"]');
  setText(state, manager.state || 'UNKNOWN'); // a mock has none
  state.dataset.state = manager.state || '';
  node.querySelector('[data-value="outage"]').hidden = !outage;
  node.querySelector('[data-value="paused"]').hidden = !paused;
}

function showValues(node, values) {
  Object.entries(values).forEach(([name, text]) => setText(node.querySelector(`[data-value="${name}"]`), text));
}

function createManager(name) {
  const section = fromTemplate('manager-template');
  const charts = CHARTS.map(spec => createChart(name, spec));
  const link = section.querySelector('h2 a');
  section.dataset.manager = name;
  section.setAttribute('aria-label', name);
  link.textContent = name;
  link.href = `#${encodeURIComponent(name)}`;
  section.querySelector('.charts').append(...charts.map(chart => chart.figure));
  section.querySelector('.workers .scroll').setAttribute('aria-label', `Workers of ${name}`);
  section.querySelector('.events .scroll').setAttribute('aria-label', `Events of ${name}`);
  section.querySelector('.filters').setAttribute('aria-label', `Types of events of ${name} to show`);
  const showEvents = createEvents(section.querySelector('.events'));
  prepareActions(section, name);
  return {
    section,
    update(manager) {
      showNumbers(section, manager, figures(manager));
      showActions(section, manager);
      charts.forEach(chart => chart.update(manager));
      showWorkers(section.querySelector('.workers'), manager.workers);
      showEvents(manager.events);
    },
    redraw: () => charts.forEach(chart => chart.redraw()),
    destroy() {
      charts.forEach(chart => chart.destroy());
      section.remove();
    },
  };
}

function showNumbers(section, manager, now) {
  const { stats, maxWorkers } = manager;
  const of = number => (stats ? count(stats[number]) : NONE);
  showBadges(section, manager, now);
  showWhy(section.querySelector('.why'), whyOf(manager));
  showValues(section, {
    'queue-main': of('queuedTasks'),
    'queue-priority': of('priorityTasks'),
    'queue-retry': of('retryingTasks'),
    busy: of('busyWorkers'),
    active: of('activeWorkers'),
    starting: of('startingWorkers'),
    max: stats ? count(maxWorkers) : NONE,
    throughput: perSecond(now.throughput),
    'wait-p95': span(now.waitP95),
    'failure-ratio': percent(now.failureRatio),
    retries: count(now.retries),
  });
  if (stats) {
    const { busyWorkers, activeWorkers, startingWorkers } = stats;
    const shares = [busyWorkers, activeWorkers - busyWorkers, startingWorkers, maxWorkers - activeWorkers - startingWorkers];
    section.querySelectorAll('.bar i').forEach((part, i) => (part.style.flexGrow = Math.max(0, shares[i])));
  }
}

/** Sentences of one line and of two alternate. What is below moves down for the first that is longer, and not up again. */
function showWhy(node, text) {
  if (node.textContent !== text) {
    if (node.dataset.width !== String(node.clientWidth)) {
      node.dataset.width = node.clientWidth;
      node.style.minHeight = '';
    }
    node.textContent = text;
    node.style.minHeight = `${node.clientHeight}px`;
  }
}

const WORKER_STATES = { BUSY: 'busy', IDLE: 'idle' };

function showWorkers(node, workers) {
  node.querySelector('.scroll').hidden = workers.length === 0;
  node.querySelector('.legend').hidden = workers.length === 0;
  node.querySelector('.none').hidden = workers.length > 0;
  reconcile(node.querySelector('tbody'), workers, createWorkerRow, (row, worker) => {
    const [id, state, task, busyFor, age, uses, generation, outcomes] = row.children;
    row.dataset.worker = worker.id;
    setText(id, `${worker.id}${worker.burst ? ' burst' : ''}`);
    setText(state.firstElementChild, worker.state);
    state.firstElementChild.className = `worker-state ${WORKER_STATES[worker.state] || 'between'}`;
    setText(task, worker.taskName || NONE);
    task.title = worker.taskName || '';
    setText(busyFor, span(millisOf(worker.busyFor)));
    setText(age, span(millisOf(worker.resourceAge)));
    setText(uses, count(worker.uses));
    setText(generation, count(worker.generation));
    showOutcomes(outcomes.firstElementChild, worker.lastOutcomes);
  });
}

function createWorkerRow() {
  const row = element('tr');
  const id = element('th');
  const state = element('td');
  const outcomes = element('td');
  id.scope = 'row';
  state.append(element('span'));
  outcomes.append(element('span', 'outcomes'));
  row.append(id, state, element('td', 'task'), ...[1, 2, 3, 4].map(() => element('td', 'number')), outcomes);
  return row;
}

/** Dots for the eye, which differ in form too; for others the words, oldest first. */
function showOutcomes(node, outcomes) {
  const text = outcomes.length ? outcomes.map(words).join(', ') : 'none yet';
  node.setAttribute('role', 'img');
  setLabel(node, text);
  node.title = text;
  reconcile(node, outcomes, () => element('i'), (dot, outcome) => (dot.className = `dot ${outcome}`));
}

const GRAVE = ['CREATION_FAILED', 'TASK_STUCK', 'RESOURCE_STUCK'];
const NOTABLE = ['SCALED', 'RESIZED', 'PAUSED', 'RESUMED', 'RECYCLED', 'PROBED', 'STATE_CHANGED'];

/** The events with a filter for each type among them; none chosen is all shown. Returns what shows them. */
function createEvents(node) {
  const filters = node.querySelector('.filters');
  const chosen = new Set();
  let events = [];

  function showFilters() {
    const types = [...new Set(events.map(event => event.type))].sort();
    [...chosen].filter(type => !types.includes(type)).forEach(type => chosen.delete(type));
    filters.hidden = types.length < 2;
    reconcile(filters, types, createFilter, (button, type) => {
      button.dataset.filter = type;
      button.setAttribute('aria-pressed', String(chosen.has(type)));
      setText(button, `${words(type)} ${events.filter(event => event.type === type).length}`);
    });
  }

  function createFilter() {
    const button = element('button', 'chip');
    button.type = 'button';
    button.addEventListener('click', () => {
      const type = button.dataset.filter;
      if (!chosen.delete(type)) {
        chosen.add(type);
      }
      show(events);
    });
    return button;
  }

  function show(now) {
    events = now;
    showFilters();
    const visible = events.filter(event => chosen.size === 0 || chosen.has(event.type)).reverse();
    node.querySelector('.scroll').hidden = visible.length === 0;
    node.querySelector('.none').hidden = events.length > 0;
    reconcile(node.querySelector('ol'), visible, createEventRow, showEvent);
  }

  return show;
}

function createEventRow() {
  const row = element('li');
  row.append(element('time'), element('span', 'type'), element('span', 'detail'));
  return row;
}

function showEvent(row, event) {
  const [time, type, detail] = row.children;
  time.dateTime = event.at;
  setText(time, clock(event.time));
  setText(type, event.type);
  type.className = `type ${GRAVE.includes(event.type) ? 'grave' : NOTABLE.includes(event.type) ? 'notable' : ''}`;
  setText(detail, event.cause ? `${words(event.cause)}: ${event.detail}` : event.detail);
}

/* ---- The overview: a row for each of many managers ---- */

/**
 * The worst first: not running, in an outage, paused, failing, then by what waits; what nobody has needed yet comes last. A few
 * failures are everyday, and rank nobody.
 */
function badness(manager) {
  const now = figures(manager);
  if (manager.state === 'NOT_CREATED') {
    return [0, 0, 0, 0, -1];
  }
  const failing = now.failureRatio > FAILING ? now.failureRatio : 0;
  return [manager.state !== 'RUNNING', now.outage, now.paused, failing, now.waiting || 0].map(Number);
}

function byBadness([, one], [, other]) {
  const ranks = [badness(one), badness(other)];
  const differing = ranks[0].findIndex((rank, i) => rank !== ranks[1][i]);
  return differing === -1 ? 0 : ranks[1][differing] - ranks[0][differing];
}

function showOverview(node) {
  const list = node.querySelector('ol');
  const held = list.matches(':hover, :focus-within'); // rows don't change places under a pointer or the keyboard's focus
  const rows = new Map([...list.children].map(row => [row.dataset.overview, row]));
  rows.forEach((row, name) => managers.has(name) || row.remove());
  [...managers].sort(byBadness).forEach(([name, manager], i) => {
    const row = rows.get(name) || createRow(name);
    if (!row.isConnected || (!held && list.children[i] !== row)) {
      list.insertBefore(row, list.children[i] || null);
    }
    showRow(row, manager);
  });
}

function createRow(name) {
  const row = fromTemplate('row-template');
  const link = row.querySelector('a');
  row.dataset.overview = name;
  link.textContent = name;
  link.href = `#${encodeURIComponent(name)}`;
  return row;
}

function showRow(row, manager) {
  const now = figures(manager);
  showBadges(row, manager, now);
  showValues(row, {
    why: whyOf(manager),
    waiting: count(now.waiting),
    'busy-of-max': manager.stats ? `${count(manager.stats.busyWorkers)} of ${count(manager.maxWorkers)}` : NONE,
    throughput: decimal(now.throughput),
    'wait-p95': span(now.waitP95),
    'failure-ratio': percent(now.failureRatio),
  });
  showSpark(row.querySelector('.spark'), manager.samples);
}

/** Tasks that wait, over five minutes. */
function showSpark(svg, samples) {
  const waiting = samples.map(sample => sample.main + sample.priority + sample.retry);
  const most = Math.max(1, ...waiting);
  const path = samples.map((sample, i) => {
    const x = 300 - ((newest - sample.at) / WINDOW) * 300;
    const y = 28 - (waiting[i] / most) * 26;
    return `${i === 0 || isGap(samples[i - 1], sample) ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  svg.firstElementChild.setAttribute('d', path.join(''));
  setLabel(svg, waiting.length
    ? `Tasks that wait, the last five minutes: now ${count(last(waiting))}, at most ${count(Math.max(...waiting))}`
    : 'Nothing sampled yet');
}

/* ---- Actions, each confirmed in a dialog ---- */

const ACTIONS = {
  pause: {
    title: 'Pause',
    text: 'Workers end the tasks that they run and take no more. Tasks are still accepted, and wait.',
    done: 'Paused.',
  },
  resume: {
    title: 'Resume',
    text: 'Workers take tasks again.',
    done: 'Resumed.',
  },
  resize: {
    title: 'Resize',
    text: 'Sets how many workers are kept, and how many there may be at most.',
    done: 'Resized.',
  },
  recycle: {
    title: 'Recycle',
    text: 'Replaces every resource by a new one, idle ones now and the others after their task.',
    done: 'Recycled: every resource will be replaced.',
  },
};

function prepareActions(section, name) {
  const { taskmanager } = document.documentElement.dataset;
  const buttons = section.querySelector('.buttons');
  if (!taskmanager) {
    buttons.remove();
    return;
  }
  buttons.querySelectorAll('button').forEach(button => {
    button.setAttribute('aria-label', `${ACTIONS[button.dataset.action].title} ${name}`);
    button.addEventListener('click', () => openDialog(name, button.dataset.action));
  });
}

function showActions(section, manager) {
  const paused = Boolean(manager.stats && manager.stats.paused);
  section.querySelectorAll('[data-action]').forEach(button => {
    const { action } = button.dataset;
    button.hidden = (action === 'pause' && paused) || (action === 'resume' && !paused);
    button.disabled = manager.state !== 'RUNNING';
  });
}

function openDialog(name, action) {
  const dialog = document.querySelector('dialog');
  const form = dialog.querySelector('form');
  const { title, text } = ACTIONS[action];
  form.reset();
  dialog.dataset.dialog = action;
  dialog.dataset.name = name;
  dialog.querySelector('h2').textContent = `${title} ${name}`;
  dialog.querySelector('#dialog-text').textContent = text;
  dialog.querySelector('.typed strong').textContent = name;
  dialog.querySelector('[data-dialog-confirm]').textContent = title;
  dialog.querySelector('.fields').hidden = action !== 'resize';
  dialog.querySelector('.fields').querySelectorAll('input').forEach(input => (input.required = action === 'resize'));
  if (action === 'resize') {
    const { stats, maxWorkers } = managers.get(name);
    form.elements.workerCount.value = stats.baseWorkers;
    form.elements.maxWorkerCount.value = maxWorkers;
  }
  showDialog('', false);
  dialog.showModal();
  form.elements[action === 'resize' ? 'workerCount' : 'typed'].focus();
}

function showDialog(error, sending) {
  const dialog = document.querySelector('dialog');
  const typed = dialog.querySelector('form').elements.typed.value === dialog.dataset.name;
  setText(dialog.querySelector('[data-dialog-error]'), error);
  dialog.querySelector('[data-dialog-confirm]').disabled = sending || !typed;
}

async function confirmed() {
  const dialog = document.querySelector('dialog');
  const { dialog: action, name } = dialog.dataset;
  const { workerCount, maxWorkerCount } = dialog.querySelector('form').elements;
  showDialog('', true);
  const error = await write(name, action === 'resize'
    ? { action, workerCount: Number(workerCount.value), maxWorkerCount: Number(maxWorkerCount.value) }
    : { action });
  showDialog(error, false);
  if (error === '') {
    dialog.close();
    const view = shown.get(name);
    if (view) {
      setText(view.section.querySelector('[data-result]'), `${clock(Date.now())} ${ACTIONS[action].done}`);
    }
    if (!frozen) {
      poll();
    }
  }
}

/** Asks the endpoint of the managers; answers what went wrong, or an empty text. */
async function write(name, body) {
  try {
    const answer = await fetch(`${document.documentElement.dataset.taskmanager}/${encodeURIComponent(name)}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify(body),
      redirect: 'manual',
    });
    if (answer.ok && isJson(answer)) {
      return '';
    }
    const status = statusOf(answer);
    const advice = ADVICE_ON_WRITES[status];
    const told = !advice && isJson(answer) ? (await answer.json()).error : '';
    return advice || told || `The application answered ${status}.`;
  } catch (e) {
    return 'The application does not answer. Whether it did as asked shows when it does again.';
  }
}

const ADVICE_ON_WRITES = {
  200: 'Log in: the application answered with a page. Load this one again then.',
  401: 'Log in (401), and load the page again then.',
  403: 'Not allowed (403): the application\'s security has to let your user, and a POST of this page, through to the endpoint '
    + 'taskmanager.',
  405: 'Not allowed (405): set management.endpoint.taskmanager.access to unrestricted.',
};

/** One that leads elsewhere leads to a login, which may be of another origin, where this page may not follow. */
const statusOf = answer => (answer.type === 'opaqueredirect' ? 401 : answer.status);

const isJson = answer => (answer.headers.get('Content-Type') || '').includes('json');

/* ---- Which managers are shown ---- */

const shown = new Map(); // name → view

/** The one that the address names, or null. */
function chosenName() {
  try {
    const name = decodeURIComponent(location.hash.slice(1));
    return managers.has(name) ? name : null;
  } catch (e) {
    return null; // not a name that this page has written
  }
}

function render() {
  const chosen = chosenName();
  const names = [...managers.keys()];
  const overview = chosen === null && names.length > SHOWN_AT_ONCE;
  const wanted = chosen !== null ? [chosen] : overview ? [] : names;
  document.title = chosen === null ? 'Task managers' : `${chosen} · Task managers`;
  document.querySelector('.back').hidden = chosen === null || names.length < 2;
  document.querySelector('.overview').hidden = !overview;
  document.querySelector('[data-empty="managers"]').hidden = names.length > 0 || lastAnswer === null;
  if (overview) {
    showOverview(document.querySelector('.overview'));
  }
  showManagers(wanted);
  document.querySelector('[data-durable]').hidden = chosen !== null || !document.documentElement.dataset.durabletasks;
  showStatus();
}

function showManagers(names) {
  const container = document.querySelector('.managers');
  [...shown.keys()].filter(name => !names.includes(name)).forEach(name => {
    shown.get(name).destroy();
    shown.delete(name);
  });
  names.forEach((name, i) => {
    if (!shown.has(name)) {
      shown.set(name, createManager(name));
    }
    const { section } = shown.get(name);
    if (container.children[i] !== section) {
      container.insertBefore(section, container.children[i] || null); // before the first update: charts measure themselves
    }
    shown.get(name).update(managers.get(name));
  });
}

/** Another manager was chosen: begins at its top, also for the keyboard and a screen reader. */
function navigated() {
  render();
  const view = shown.get(chosenName());
  if (view) {
    view.section.querySelector('h2').focus();
  }
  scrollTo(0, 0);
}

/* ---- Durable tasks, where the endpoint of that name is ---- */

const DURABLE_EVERY = 5_000; // ms: the application reads them no oftener
const DURABLE_STATES = ['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'DEAD_LETTER', 'LOST', 'CANCELLED'];

let durableAsked = 0;

/** In its own time, so that a database that is slow holds up nothing else here. */
async function askDurable() {
  const address = document.documentElement.dataset.durabletasks;
  if (!address || Date.now() - durableAsked < DURABLE_EVERY) {
    return;
  }
  durableAsked = Date.now();
  let problem = 'The endpoint durabletasks does not answer.';
  try {
    const answer = await fetch(address, { cache: 'no-store', redirect: 'manual', signal: AbortSignal.timeout(ANSWER_WITHIN) });
    const body = isJson(answer) ? await answer.json() : {};
    if (answer.ok && body.states) {
      showDurable(body);
      return;
    }
    problem = `The endpoint durabletasks answers ${statusOf(answer)}${body.error ? `: ${body.error}` : ''}.`;
  } catch (e) {
    // no answer, or half of one
  }
  showWhy(document.querySelector('[data-durable] .why'), problem);
}

function showDurable({ asOf, types, states, oldest, nodes }) {
  const section = document.querySelector('[data-durable]');
  const now = Date.parse(asOf);
  showWhy(section.querySelector('.why'), `As of ${clock(now)}.`);
  showValues(section, {
    'durable-queued': count(states.QUEUED),
    'durable-running': count(states.RUNNING),
    'durable-dead': count(states.DEAD_LETTER),
    'durable-lost': count(states.LOST),
    'durable-failed': count(states.FAILED),
    'durable-oldest': oldest ? span(millisOf(oldest.age)) : NONE,
  });
  showCells(section.querySelector('[data-durable-types] tbody'),
    Object.entries(types).map(([type, counts]) => [type, ...DURABLE_STATES.map(state => count(counts[state] || 0))]));
  showCells(section.querySelector('[data-durable-nodes] tbody'),
    nodes.map(node => [node.name, count(node.running), span(Math.max(0, now - Date.parse(node.oldestHeartbeat)))]));
}

/** Rows of a name and numbers. */
function showCells(body, rows) {
  reconcile(body, rows, () => element('tr'), (row, cells) => {
    reconcile(row, cells, () => element(row.children.length ? 'td' : 'th', row.children.length ? 'number' : ''),
      (cell, text) => setText(cell, text));
    row.firstElementChild.scope = 'row';
  });
}

function startDurable() {
  const section = document.querySelector('[data-durable]');
  const head = section.querySelector('[data-durable-types] thead tr');
  DURABLE_STATES.forEach(state => {
    const cell = element('th', 'number', words(state));
    cell.scope = 'col';
    head.append(cell);
  });
  section.querySelectorAll('[data-durable-link]').forEach(link => {
    link.href = `${document.documentElement.dataset.durabletasks}/tasks?state=${link.dataset.durableLink}`;
  });
}

/* ---- Polling ---- */

let lastAnswer = null; // time of the last one, by the browser's clock
let problem = null; // status that came instead of the last one
let failures = 0; // in a row
let frozen = false;
let polling = false;
let freezes = 0; // an answer that was asked for before a freeze comes too late
let timer;

/** The new data, or the status that came instead; 0 if nothing came. */
async function ask() {
  const late = new AbortController();
  const limit = setTimeout(() => late.abort(), ANSWER_WITHIN);
  try {
    const data = `${document.documentElement.dataset.base}/data?since=${cursor}`;
    const answer = await fetch(data, { cache: 'no-store', redirect: 'manual', signal: late.signal });
    if (!answer.ok) {
      return { problem: statusOf(answer) };
    }
    return isJson(answer) ? { data: await answer.json() } : { problem: 401 }; // a page: a form to log in
  } catch (e) {
    return { problem: 0 }; // no answer, or half of one
  } finally {
    clearTimeout(limit);
  }
}

async function poll() {
  clearTimeout(timer);
  if (polling) {
    return;
  }
  polling = true;
  askDurable();
  const asked = freezes;
  const answer = await ask();
  polling = false;
  problem = answer.data ? null : answer.problem;
  failures = answer.data ? 0 : failures + 1;
  try {
    if (answer.data && asked === freezes) {
      accept(answer.data);
      lastAnswer = Date.now();
    }
    render();
  } finally {
    schedule(); // also after an error of this page, which the console tells of
  }
}

function schedule() {
  clearTimeout(timer);
  if (!frozen && !document.hidden) {
    timer = setTimeout(poll, 1000 * (failures === 0 ? 1 : Math.min(LONGEST_BACKOFF, 2 ** failures)));
  }
}

const standsStill = () => standing >= STANDSTILL;

/** How it stands with the data, for style.css, and in words. */
function currency() {
  const answered = lastAnswer === null ? '' : clock(lastAnswer);
  if (frozen) {
    return ['frozen', answered ? `Frozen at ${answered}` : 'Frozen'];
  }
  if (problem !== null) {
    return ['stale', answered ? `Stale since ${answered}` : 'No answer yet'];
  }
  if (lastAnswer === null) {
    return ['connecting', 'Connecting'];
  }
  if (standsStill()) {
    return ['stale', cursor > 0 ? `Stale since ${clock(cursor)}` : 'No sample yet'];
  }
  return ['live', 'Live'];
}

function showStatus() {
  const status = document.querySelector('[data-status]');
  const [mode, text] = currency();
  status.dataset.status = mode;
  document.documentElement.dataset.mode = mode;
  setText(status, text);
  showNotice(frozen ? null : problem === null && standsStill() ? 'standstill' : problem);
}

const LET_IN = `management:
  endpoint.taskmanagerui.access: read-only
  endpoints.web.exposure.include: health, taskmanager, taskmanagerui`;

const AGAIN = 'This page asks again, every 30 seconds at the longest.';

const ADVICE = {
  0: ['The application does not answer', `It is stopped or can't be reached. ${AGAIN}`],
  401: ['Log in', 'The application wants to know who you are (401). Log in, and load this page again.'],
  403: [
    'Not allowed',
    'Your user may not read this endpoint (403). Allow it in the application\'s security: taskmanagerui and taskmanagerui/**.',
  ],
  404: ['Not found', 'The endpoint is off or not exposed (404). Write in application.yml:', LET_IN],
  standstill: [
    'No new samples',
    'The application answers, but takes no samples: charts, rates and percentiles of all managers stand still, queues and workers '
      + 'are as of now. One manager hangs when asked for its numbers, in a MetricsCollector of your own, say: a thread dump shows '
      + 'where, in the thread taskmanager-ui-sampler-1.',
  ],
};

/** Of a status or a standstill. Written anew only when it is another one: an alert is read aloud at each change. */
function showNotice(what) {
  const notice = document.querySelector('[data-notice]');
  const status = what === null ? '' : String(what);
  if (notice.dataset.notice === status) {
    return;
  }
  notice.dataset.notice = status;
  notice.hidden = what === null;
  if (what !== null) {
    const [title, text, code] = ADVICE[status] || [`The application answered ${status}`, `Its log says why. ${AGAIN}`];
    notice.replaceChildren(element('strong', '', title), element('p', '', text));
    if (code) {
      notice.append(element('pre', '', code));
    }
  }
}

function freeze(button) {
  frozen = !frozen;
  freezes++;
  button.setAttribute('aria-pressed', String(frozen));
  showStatus();
  if (frozen) {
    clearTimeout(timer);
  } else {
    poll();
  }
}

/* ---- Start ---- */

function start() {
  const dialog = document.querySelector('dialog');
  showTheme(document.documentElement.dataset.theme);
  document.querySelector('[data-control="theme"]').addEventListener('click', switchTheme);
  document.querySelector('[data-control="freeze"]').addEventListener('click', event => freeze(event.currentTarget));
  dialog.querySelector('[data-dialog-cancel]').addEventListener('click', () => dialog.close());
  dialog.querySelector('form').addEventListener('input', () => showDialog('', false));
  dialog.querySelector('form').addEventListener('submit', event => {
    event.preventDefault();
    confirmed();
  });
  systemDark.addEventListener('change', () => showTheme(storedTheme() || systemTheme()));
  addEventListener('hashchange', navigated);
  startDurable();
  document.addEventListener('visibilitychange', () => (document.hidden || frozen ? clearTimeout(timer) : poll()));
  poll();
}

showTheme(storedTheme() || systemTheme());
document.addEventListener('DOMContentLoaded', start);

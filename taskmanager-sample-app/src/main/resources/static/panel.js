// The live panel: each manager once a second, as long as somebody can see it.

const INTERVAL = 1000;
const LONGEST_INTERVAL = 10_000;
const TIMEOUT = 5000;
const KEPT = 60;
const connection = document.querySelector("[data-value=connection]");
const panels = [...document.querySelectorAll("[data-manager]")].map(card => new Panel(card));
let timer;
let asking = false;
let failures = 0;
let seen;

function Panel(card) {
  card.append(document.getElementById("manager").content.cloneNode(true));
  const name = card.dataset.manager;
  const value = id => card.querySelector(`[data-value=${id}]`);
  const history = [];
  let last;
  let kind;

  this.ask = async () => {
    const response = await fetch(`actuator/taskmanager/${encodeURIComponent(name)}`,
      { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT) });
    if (!response.ok) {
      throw new Error(`actuator/taskmanager/${name} answered ${response.status}`);
    }
    return response.json();
  };

  this.show = manager => {
    const { stats, metrics, maxWorkers } = manager;
    write("state", state(manager));
    write("why", manager.why ?? "");
    write("main", stats.queuedTasks);
    write("priority", stats.priorityTasks);
    write("retry", stats.retryingTasks);
    write("busy", stats.busyWorkers);
    write("active", stats.activeWorkers);
    write("starting", stats.startingWorkers);
    write("max", maxWorkers);
    write("completed", metrics.totalTasksCompleted.toLocaleString("en"));
    write("retried", metrics.totalTasksRetried.toLocaleString("en"));
    write("failed", metrics.totalTasksFailed.toLocaleString("en"));
    card.dataset.mood = stats.activeWorkers === 0 ? "bad"
      : stats.activeWorkers < stats.baseWorkers || stats.paused || manager.state !== "RUNNING" ? "warning" : "good";
    bars(stats);
    slots(stats, maxWorkers);
    rate(metrics);
    announce(manager);
    return metrics.totalTasksCompleted;
  };

  function write(id, text) {
    const element = value(id);
    if (element.textContent !== String(text)) {
      element.textContent = text;
    }
  }

  function state({ state, stats }) {
    if (stats.paused) {
      return `${state}, PAUSED`;
    }
    return state === "RUNNING" && stats.activeWorkers === 0 ? "RUNNING, NO WORKER" : state;
  }

  /** Every number of the sentence may change each second; a screen reader is told when the sentence is another. */
  function announce(manager) {
    const next = (manager.why ?? "").replace(/\d+( m?s)?/g, "#");
    if (next !== kind) {
      kind = next;
      write("announcement", `${name}: ${state(manager)}. ${manager.why ?? ""}`);
    }
  }

  function bars(stats) {
    const lanes = { main: stats.queuedTasks, priority: stats.priorityTasks, retry: stats.retryingTasks };
    const full = Math.max(32, ...Object.values(lanes));
    for (const [lane, waiting] of Object.entries(lanes)) {
      card.querySelector(`[data-bar=${lane}]`).style.setProperty("--share", waiting / full);
    }
  }

  function slots(stats, max) {
    const list = card.querySelector("[data-slots]");
    const shown = Math.min(max, 24);
    while (list.children.length < shown) {
      list.append(document.createElement("li"));
    }
    while (list.children.length > shown) {
      list.lastChild.remove();
    }
    [...list.children].forEach((slot, i) => {
      slot.dataset.slot = i < stats.busyWorkers ? "busy"
        : i < stats.activeWorkers ? "idle"
        : i < stats.activeWorkers + stats.startingWorkers ? "starting" : "free";
    });
  }

  function rate(metrics) {
    const now = { at: performance.now(), done: metrics.totalTasksCompleted + metrics.totalTasksFailed };
    // Fewer than before: the service has started anew.
    if (last && now.done >= last.done) {
      history.push(1000 * (now.done - last.done) / (now.at - last.at));
      history.splice(0, history.length - KEPT);
      write("throughput", history.at(-1).toFixed(1));
      draw();
    }
    last = now;
  }

  function draw() {
    const svg = card.querySelector("[data-chart]");
    const peak = Math.max(1, ...history);
    const points = history.map((each, i) =>
      `${(240 * (KEPT - history.length + i) / (KEPT - 1)).toFixed(1)},${(34 - 32 * each / peak).toFixed(1)}`);
    svg.querySelector("polyline").setAttribute("points", points.join(" "));
    svg.querySelector("polygon").setAttribute("points",
      [`${points[0].split(",")[0]},36`, ...points, "240,36"].join(" "));
    svg.setAttribute("aria-label", `Tasks of ${name} a second in the last minute: at most ${peak.toFixed(1)},`
      + ` now ${history.at(-1).toFixed(1)}`);
  }
}

async function poll() {
  clearTimeout(timer);
  if (asking || document.hidden) {
    return;
  }
  asking = true;
  const begun = performance.now();
  try {
    const answers = await Promise.all(panels.map(panel => panel.ask()));
    const completed = panels.map((panel, i) => panel.show(answers[i]));
    fresh(completed[0]);
  } catch (error) {
    stale(error);
  }
  asking = false;
  const interval = Math.min(LONGEST_INTERVAL, INTERVAL * 2 ** failures);
  timer = setTimeout(poll, Math.max(0, interval - (performance.now() - begun)));
}

function fresh(completed) {
  failures = 0;
  seen = new Date();
  say("live");
  document.body.classList.remove("stale");
  document.dispatchEvent(new CustomEvent("images-completed", { detail: completed }));
}

function stale(error) {
  failures++;
  const why = error.name === "TimeoutError" ? "no answer" : error instanceof TypeError ? "can't be reached" : error.message;
  say(seen ? `stale since ${seen.toLocaleTimeString()}: ${why}` : `no data: ${why}`);
  document.body.classList.add("stale");
}

function say(text) {
  if (connection.textContent !== text) {
    connection.textContent = text;
  }
}

document.addEventListener("visibilitychange", poll);
poll();

// The buttons of the profile "demo". Without it there are none, and nothing is asked for.

const INTERVAL = 1000;
const ACTIONS = {
  "import": ["Import 200 generated photos", "The main lane fills, and more workers come."],
  "slow-disk": ["Slow disk", "For half a minute each write takes longer: the queue stays full, and workers come up to the maximum."],
  "break-processors": ["Break the processors",
    "They break at work, and tasks are retried; then none can be made, and all waits. It heals after half a minute."],
};
const section = document.querySelector("[data-demo]");
const trouble = document.querySelector("[data-value=demo-problem]");
const parts = new Map();
let timer;

function write(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

function add(name, [title, hint]) {
  const part = document.getElementById("action").content.cloneNode(true);
  const button = part.querySelector("button");
  const says = part.querySelector(".says");
  button.textContent = title;
  button.dataset.action = name;
  button.setAttribute("aria-describedby", `${name}-hint`);
  part.querySelector(".hint").id = `${name}-hint`;
  part.querySelector(".hint").textContent = hint;
  says.dataset.value = name;
  button.addEventListener("click", () => begin(name));
  section.querySelector("[data-actions]").append(part);
  parts.set(name, { button, says });
}

async function begin(name) {
  if (parts.get(name).button.getAttribute("aria-disabled") === "true") {
    return;
  }
  try {
    const response = await fetch(`demo/${name}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: "{}",
    });
    const body = await response.json();
    if (response.ok) {
      show(body);
    }
    write(trouble, response.ok ? "" : body.detail ?? `the service answered ${response.status}`);
  } catch {
    write(trouble, "the service can't be reached");
  }
}

function show(states) {
  for (const [name, { button, says }] of parts) {
    const { on, secondsLeft, detail } = states[name];
    button.setAttribute("aria-disabled", on);
    write(says, [on ? "on" : "", detail, secondsLeft ? `ends in ${secondsLeft}\u00a0s` : ""].filter(Boolean).join(", "));
  }
}

async function poll() {
  clearTimeout(timer);
  if (document.hidden) {
    return;
  }
  try {
    const response = await fetch("demo", { cache: "no-store" });
    if (response.ok) {
      show(await response.json());
    }
  } catch {
    // The panel says that the service is away.
  }
  clearTimeout(timer); // of a poll that ran beside this one, begun when the tab was shown again
  timer = setTimeout(poll, INTERVAL);
}

async function isThere() {
  try {
    const response = await fetch("actuator/info");
    return response.ok && (await response.json()).demo === true;
  } catch {
    return false;
  }
}

if (await isThere()) {
  Object.entries(ACTIONS).forEach(([name, texts]) => add(name, texts));
  section.hidden = false;
  document.addEventListener("visibilitychange", poll);
  poll();
}

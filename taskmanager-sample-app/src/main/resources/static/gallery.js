// The photos: pages, uploads, and new ones as they come.

const SIZE = 24;
const AT_A_TIME = 4;
const REFRESH = 2000;
const find = selector => document.querySelector(selector);
const list = find("[data-photos]");
const uploads = find("[data-uploads]");
const drop = find("[data-drop]");
let page = 0;
let pages = 1;
let asked = 0;
let shown = "";
let completed;
let refreshing;

function write(id, text) {
  const element = find(`[data-value=${id}]`);
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** What an answer that is no success says. */
async function problem(response) {
  const body = await response.json().catch(() => ({}));
  return body.detail ?? `the service answered ${response.status}`;
}

async function load() {
  const mine = ++asked;
  try {
    const response = await fetch(`photos?page=${page}&size=${SIZE}`, { cache: "no-store" });
    if (!response.ok) {
      throw new Error(await problem(response));
    }
    const found = await response.json();
    if (mine === asked) {
      show(found);
    }
  } catch (error) {
    if (mine === asked) {
      write("gallery-problem", `The photos can't be shown: ${error instanceof TypeError ? "the service can't be reached" : error.message}`);
    }
  }
}

function show({ photos, total }) {
  pages = Math.max(1, Math.ceil(total / SIZE));
  if (page >= pages) {
    page = pages - 1; // photos were deleted
    load();
    return;
  }
  write("gallery-problem", "");
  write("total", total === 1 ? "1 photo" : `${total.toLocaleString("en")} photos`);
  write("page", `Page ${page + 1} of ${pages}`);
  disable("previous-page", page === 0);
  disable("next-page", page === pages - 1);
  const ids = photos.map(photo => photo.id).join();
  if (ids !== shown) {
    shown = ids;
    const known = new Map([...list.children].map(item => [item.dataset.photo, item]));
    list.replaceChildren(...photos.map(photo => known.get(photo.id) ?? item(photo)));
    list.classList.toggle("empty", photos.length === 0);
  }
}

function item(photo) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  const image = document.createElement("img");
  const name = document.createElement("span");
  const size = document.createElement("small");
  item.dataset.photo = photo.id;
  link.href = `photos/${photo.id}/preview`;
  image.src = `photos/${photo.id}/thumbnail?width=320`;
  image.alt = "";
  image.loading = "lazy";
  name.textContent = photo.name;
  size.textContent = `${photo.width} × ${photo.height} ${photo.format}`;
  link.append(image, name, size);
  item.append(link);
  return item;
}

/** A button that is disabled loses the focus of whoever works by keyboard. */
function disable(action, disabled) {
  find(`[data-action=${action}]`).setAttribute("aria-disabled", disabled);
}

function turn(by) {
  const next = Math.min(pages - 1, Math.max(0, page + by));
  if (next !== page) {
    page = next;
    load();
  }
}

async function upload(files) {
  uploads.replaceChildren();
  const queue = [...files].map(file => ({ file, line: line(file) }));
  const all = queue.length;
  let failed = 0;
  let done = 0;
  write("upload-progress", `Uploading ${all}`);
  async function work() {
    for (let next = queue.shift(); next; next = queue.shift()) {
      if (await send(next)) {
        done++;
      } else {
        failed++;
      }
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  write("upload-progress", `${done} of ${all} uploaded, ${failed} failed`);
  page = 0;
  load();
}

function line(file) {
  const line = document.createElement("li");
  const name = document.createElement("span");
  const result = document.createElement("b");
  name.textContent = file.name;
  result.textContent = "waiting";
  line.append(name, result);
  uploads.append(line);
  return line;
}

async function send({ file, line }) {
  const say = (result, text) => {
    line.dataset.result = result;
    line.querySelector("b").textContent = text;
  };
  say("sending", "sending");
  try {
    const response = await fetch(`photos?name=${encodeURIComponent(file.name)}`, {
      method: "POST",
      headers: { "Content-Type": "application/octet-stream" },
      body: file,
    });
    if (!response.ok) {
      throw new Error(await problem(response));
    }
    say("done", response.status === 201 ? "added" : "was there already");
    return true;
  } catch (error) {
    say("failed", error instanceof TypeError ? "the service can't be reached" : error.message);
    return false;
  }
}

find("[data-action=previous-page]").addEventListener("click", () => turn(-1));
find("[data-action=next-page]").addEventListener("click", () => turn(1));

const chooser = find("[data-action=upload]");
chooser.addEventListener("change", async () => {
  const files = [...chooser.files];
  chooser.value = ""; // so that the same files can be chosen again
  if (files.length > 0) {
    await upload(files);
  }
});

// A file that is dropped beside the field would else replace the page.
for (const type of ["dragover", "drop"]) {
  document.addEventListener(type, event => event.preventDefault());
}
drop.addEventListener("dragover", () => drop.classList.add("over"));
drop.addEventListener("dragleave", () => drop.classList.remove("over"));
drop.addEventListener("drop", event => {
  drop.classList.remove("over");
  if (event.dataTransfer.files.length > 0) {
    upload(event.dataTransfer.files);
  }
});

// The panel knows when pictures were made. To ask for the page is a task too, so nobody asks without a reason.
document.addEventListener("images-completed", event => {
  if (completed !== undefined && completed !== event.detail && page === 0 && !refreshing) {
    refreshing = setTimeout(() => {
      refreshing = undefined;
      load();
    }, REFRESH);
  }
  completed = event.detail;
});

load();

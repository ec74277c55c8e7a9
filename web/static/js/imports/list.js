// The list of imports: files are chosen or dropped, sent with a bar that fills, and the page of the file comes next.
import { ApiError, proof } from "../api.js";
import { byId } from "../dom.js";
import { t } from "../i18n.js";
import { trouble } from "./trouble.js";

const input = byId("files");
const zone = byId("bring");
const way = byId("way");
const bar = byId("way-bar");
const told = byId("way-told");

const REFUSED = {
  too_large: () => t("The file is larger than the server takes."),
  bad_input: () => t("The file did not arrive whole. Please bring it again."),
};
const percent = new Intl.NumberFormat(undefined, { style: "percent" });

// Several files that belong together go one after the other in one body; the address says where each ends.
function address(files) {
  const parameters = new URLSearchParams();
  for (const file of files) {
    parameters.append("name", file.name);
    parameters.append("size", String(file.size));
  }
  return `/api/uploads?${parameters}`;
}

// fetch does not tell how much has been sent; XMLHttpRequest does.
function send(files, progress) {
  const request = new XMLHttpRequest();
  const done = new Promise((resolve, reject) => {
    request.addEventListener("load", () => {
      if (request.status === 201) resolve(request.response);
      else reject(new ApiError(request.status, request.response));
    });
    request.addEventListener("error", () => reject(new ApiError(503, null)));
    request.addEventListener("abort", () => resolve(null));
  });
  request.upload.addEventListener("progress", (event) => progress(event.loaded / (event.total || 1)));
  request.open("POST", address(files));
  request.responseType = "json";
  request.setRequestHeader("Content-Type", "application/octet-stream");
  for (const [name, value] of Object.entries(proof())) request.setRequestHeader(name, value);
  request.send(new Blob(files));
  return { done, stop: () => request.abort() };
}

async function bring(files) {
  if (!files.length) return;
  const empty = files.find((file) => !file.size);
  trouble(empty ? t("{name} is empty.", { name: empty.name }) : null);
  if (empty) return;
  show(files);
  const sending = send(files, (share) => {
    bar.value = share;
    told.textContent = percent.format(share);
  });
  byId("way-stop").onclick = sending.stop;
  try {
    const upload = await sending.done;
    if (upload) location.assign(`/imports/uploads/${upload.id}`);
    else way.hidden = true;
  } catch (error) {
    way.hidden = true;
    trouble(REFUSED[error.code]?.() ?? error.message);
  }
}

function show(files) {
  byId("way-name").textContent = [...files].map((file) => file.name).join(", ");
  bar.value = 0;
  told.textContent = "";
  way.hidden = false;
}

input.addEventListener("change", () => {
  const files = [...input.files];
  input.value = "";
  bring(files);
});
for (const kind of ["dragenter", "dragover"]) {
  document.addEventListener(kind, (event) => {
    event.preventDefault();
    zone.classList.add("is-over");
  });
}
for (const kind of ["dragleave", "drop"]) document.addEventListener(kind, () => zone.classList.remove("is-over"));
document.addEventListener("drop", (event) => {
  event.preventDefault();
  bring([...event.dataTransfer.files]);
});
document.body.classList.add("ready");

const socket = new WebSocket(`${location.origin.replace("http", "ws")}/live/echo/`);
const log = document.querySelector("#log") as HTMLUListElement;
const input = document.querySelector("#text") as HTMLInputElement;

socket.addEventListener("message", ({ data }) => {
  log.append(Object.assign(document.createElement("li"), { textContent: String(data) }));
});
input.addEventListener("change", () => {
  socket.send(input.value);
  input.value = "";
});

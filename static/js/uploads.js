"use strict";
/* Sending one file, and telling how far it is. What becomes of it is the business of whoever sends it. */
(() => {
  const token = () => {
    const part = document.cookie.split("; ").find((piece) => piece.startsWith("csrftoken="));
    return part ? part.slice("csrftoken=".length) : "";
  };

  // `row` may hold a <progress> and a [data-percent]. `done` is given the request, whose status is 0 without a connection.
  function sendUpload(address, data, row, done) {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("HX-Request", "true");
    if (token()) request.setRequestHeader("X-CSRFToken", token());
    request.upload.addEventListener("progress", (event) => {
      const bar = row.querySelector("progress");
      const percent = row.querySelector("[data-percent]");
      if (!event.lengthComputable || !bar) return;
      const value = Math.round((event.loaded / event.total) * 100);
      bar.value = value;
      percent.textContent = `${value} %`;
    });
    request.addEventListener("error", () => done(request));
    request.addEventListener("load", () => done(request));
    request.send(data);
  }

  // Why a file was not taken, as the rows of the pages name it.
  function whyUpload(status) {
    if (status === 0) return "offline";
    return status === 401 ? "signed-out" : "refused";
  }

  window.wgUploads = { send: sendUpload, why: whyUpload };
})();

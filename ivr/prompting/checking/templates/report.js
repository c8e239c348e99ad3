"use strict";
(() => {
  const cards = [...document.querySelectorAll(".card")];
  const chosen = { language: "", severity: "" };
  const count = document.getElementById("count");
  function show() {
    let shown = 0;
    for (const card of cards) {
      const fits = (!chosen.language || card.dataset.language === chosen.language)
        && (!chosen.severity || card.dataset.severity === chosen.severity);
      card.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    count.textContent = `${shown} of ${cards.length} shown`;
  }
  for (const button of document.querySelectorAll("[data-filter]")) {
    button.addEventListener("click", () => {
      chosen[button.dataset.filter] = button.dataset.value;
      for (const other of document.querySelectorAll(`[data-filter="${button.dataset.filter}"]`))
        other.setAttribute("aria-pressed", String(other === button));
      show();
    });
  }
  let playing = null;
  function stop() {
    if (!playing) return;
    playing.audio.pause();
    playing.button.classList.remove("playing");
    playing.button.setAttribute("aria-label", "Play");
    playing = null;
  }
  for (const card of cards) {
    const audio = card.querySelector("audio"), button = card.querySelector(".play"), wave = card.querySelector(".wave");
    if (!audio || !button || !wave) continue;
    const head = wave.querySelector(".head");
    const move = () => {
      const at = audio.duration ? audio.currentTime / audio.duration : 0;
      head.setAttribute("width", String(at * 288));
    };
    button.addEventListener("click", () => {
      if (playing && playing.audio === audio) return stop();
      stop();
      playing = { audio, button };
      button.classList.add("playing");
      button.setAttribute("aria-label", "Stop");
      audio.play();
    });
    wave.addEventListener("click", (event) => {
      const box = wave.getBoundingClientRect();
      if (audio.duration) audio.currentTime = audio.duration * (event.clientX - box.left) / box.width;
      move();
    });
    audio.addEventListener("timeupdate", move);
    audio.addEventListener("ended", () => { stop(); audio.currentTime = 0; move(); });
  }
  document.documentElement.dataset.ready = "yes";
})();

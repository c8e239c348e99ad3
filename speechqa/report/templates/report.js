"use strict";
(() => {
  const one = (selector) => document.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const track = one("#track"), cursor = one("#cursor"), scroll = one(".scroll"), pane = one("#pane");
  const audio = one("#audio"), play = one("#play"), now = one("#now"), line = one("#line"), speed = one("#speed");
  const length = Number(track.dataset.length) || 0;
  const turns = all("[data-from]").map((row) => ({ row, from: Number(row.dataset.from), to: Number(row.dataset.to) }));
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let at = 0, current = null, frame = 0;

  const clock = (s) => {
    const whole = Math.floor(s), two = (n) => String(n).padStart(2, "0");
    const hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60;
    return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
  };

  const embedded = one("#sound");
  if (embedded) {
    const bytes = Uint8Array.from(atob(embedded.textContent), (c) => c.charCodeAt(0));
    audio.src = URL.createObjectURL(new Blob([bytes], { type: "audio/mpeg" }));
    embedded.remove();
  }

  const followCursor = () => {
    const x = (at / length) * track.clientWidth, left = scroll.scrollLeft, width = scroll.clientWidth;
    if (x < left || x > left + width - 24) scroll.scrollLeft = x - width * 0.15;
  };

  const followTurn = () => {
    const turn = turns.findLast((t) => t.from <= at + 0.05) || null;
    if (turn === current) return;
    current?.row.removeAttribute("aria-current");
    current = turn;
    if (!turn) return;
    turn.row.setAttribute("aria-current", "true");
    if (line) line.textContent = `${turn.row.querySelector("b").textContent}: ${turn.row.querySelector(".said").innerText}`;
    if (pane.scrollHeight <= pane.clientHeight) return;
    const top = turn.row.offsetTop - pane.clientHeight / 3;
    pane.scrollTo({ top, behavior: calm ? "auto" : "smooth" });
  };

  const draw = () => {
    cursor.style.left = `${length ? (100 * at) / length : 0}%`;
    cursor.setAttribute("aria-valuenow", String(Math.round(at)));
    cursor.setAttribute("aria-valuetext", clock(at));
    if (now) now.textContent = clock(at);
    followTurn();
  };

  const tick = () => {
    at = audio.currentTime;
    draw();
    followCursor();
    frame = audio.paused ? 0 : requestAnimationFrame(tick);
  };

  const seek = (seconds, thenPlay) => {
    at = Math.min(Math.max(0, seconds), length);
    if (audio) {
      audio.currentTime = at;
      if (thenPlay) audio.play().catch(() => {});
    }
    draw();
    followCursor();
  };

  const toggle = () => (audio.paused ? audio.play().catch(() => {}) : audio.pause());

  const showState = () => {
    play.querySelector("use").setAttribute("href", audio.paused ? "#p-play" : "#p-pause");
    play.setAttribute("aria-label", audio.paused ? "Play" : "Pause");
    if (!audio.paused && !frame) frame = requestAnimationFrame(tick);
  };

  document.addEventListener("click", (event) => {
    const place = event.target.closest("[data-seek]");
    if (place) {
      event.preventDefault();
      history.replaceState(null, "", `#t=${place.dataset.seek}`);
      seek(Number(place.dataset.seek), true);
      return;
    }
    if (track.contains(event.target)) {
      const box = track.getBoundingClientRect();
      seek(((event.clientX - box.left) / box.width) * length, false);
    }
  });

  let dragging = false;
  track.addEventListener("pointerdown", (event) => { dragging = event.pointerType === "mouse" && !event.target.closest("[data-seek]"); });
  addEventListener("pointerup", () => { dragging = false; });
  addEventListener("pointermove", (event) => {
    if (!dragging) return;
    const box = track.getBoundingClientRect();
    seek(((event.clientX - box.left) / box.width) * length, false);
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const onButton = event.target.closest("button, summary, a");
    const steps = { ArrowLeft: -5, ArrowRight: 5 };
    if (event.key === " " && !onButton && audio) toggle();
    else if (event.key in steps) seek(at + steps[event.key] / (event.shiftKey ? 5 : 1), false);
    else if (event.key === "Home" && event.target === cursor) seek(0, false);
    else if (event.key === "End" && event.target === cursor) seek(length, false);
    else return;
    event.preventDefault();
  });

  if (audio) {
    play.addEventListener("click", toggle);
    for (const change of ["play", "pause", "ended"]) audio.addEventListener(change, showState);
    audio.addEventListener("seeked", () => { if (audio.paused) tick(); });
    audio.addEventListener("error", () => { line.textContent = "The sound cannot be played here. Is the sound file still beside the report?"; });
    speed.addEventListener("click", () => {
      const steps = [1, 1.25, 1.5, 2, 0.75];
      audio.playbackRate = steps[(steps.indexOf(audio.playbackRate) + 1) % steps.length];
      speed.textContent = `${audio.playbackRate}×`;
      speed.setAttribute("aria-label", `Speed ${audio.playbackRate} times`);
    });
  }

  let zoom = 1;
  const most = Math.max(1, 2 ** Math.ceil(Math.log2(Math.max(1, length / 15))));
  const setZoom = (to) => {
    zoom = Math.min(most, Math.max(1, to));
    track.style.setProperty("--zoom", zoom);
    one(".zoom output").textContent = zoom === 1 ? "fit" : `${zoom}×`;
    one('[data-zoom="-1"]').disabled = zoom === 1;
    one('[data-zoom="1"]').disabled = zoom === most;
    scroll.scrollLeft = (at / (length || 1)) * track.clientWidth - scroll.clientWidth / 2;
  };
  for (const button of all("[data-zoom]")) {
    button.addEventListener("click", () => setZoom(button.dataset.zoom === "1" ? zoom * 2 : zoom / 2));
  }
  setZoom(1);

  const fromAddress = () => {
    const hit = /^#t=([\d.]+)$/.exec(location.hash);
    if (hit) seek(Number(hit[1]), false);
  };
  addEventListener("hashchange", fromAddress);
  fromAddress();
  draw();
  document.documentElement.dataset.ready = "yes";
})();

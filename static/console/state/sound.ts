// Two short sounds, made here: a file would be one more thing to load. A
// browser lets a page sound only after the first click in it.

import { prefs } from "./prefs.ts";

export type Sound = "visitor" | "message";

const NOTES: Record<Sound, readonly number[]> = {
  visitor: [587.33, 880],
  message: [739.99],
};

const LENGTH = 0.16;
const LOUDNESS = 0.12;

let context: AudioContext | null = null;

function unlock(): void {
  context ??= new AudioContext();
  void context.resume();
}

export function startSound(): void {
  for (const type of ["pointerdown", "keydown"]) {
    addEventListener(type, unlock, { once: true, capture: true });
  }
}

function tone(audio: AudioContext, frequency: number, at: number): void {
  const oscillator = audio.createOscillator();
  const gain = audio.createGain();
  oscillator.frequency.value = frequency;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(LOUDNESS, at + 0.01);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + LENGTH);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(at);
  oscillator.stop(at + LENGTH);
}

export function play(sound: Sound): void {
  const audio = context;
  if (!prefs.value.sound || audio?.state !== "running") {
    return;
  }
  NOTES[sound].forEach((note, i) => {
    tone(audio, note, audio.currentTime + i * LENGTH);
  });
}

// A soft sound for what comes in, made here: a file would be one more thing
// to load. Loaded with the first one, and silent until the visitor has clicked
// or typed in the page.

import { tone } from "../shared/tone.ts";

const NOTES = [659.25, 880];
const MANNER = { length: 0.22, rise: 0.02, loudness: 0.06 };

/** How much later than one tab another one may hear of a message, in ms. */
const HEARD = 5000;

let context: AudioContext | undefined;

/** Of all tabs of a browser, one sounds; false when this one did not. */
export async function chime(name: string): Promise<boolean> {
  if (!navigator.userActivation?.hasBeenActive) {
    return false;
  }

  if (!navigator.locks) {
    return sound();
  }

  return navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
    if (!lock || !(await sound())) {
      return false;
    }

    // the others have heard of it by then, also slow ones
    await new Promise((resolve) => setTimeout(resolve, HEARD));
    return true;
  });
}

async function sound(): Promise<boolean> {
  context ??= new AudioContext();
  await context.resume();

  const audio = context;

  NOTES.forEach((frequency, i) => {
    tone(audio, frequency, audio.currentTime + i * MANNER.length * 0.5, MANNER);
  });

  return true;
}

// One note of a sound that is made here: a file would be one more to load.

export interface Manner {
  /** Seconds, as all times are. */
  length: number;
  /** How long it takes to be heard in full. */
  rise: number;
  /** Of 1. */
  loudness: number;
}

export function tone(
  audio: AudioContext,
  frequency: number,
  at: number,
  { length, rise, loudness }: Manner,
): void {
  const oscillator = audio.createOscillator();
  const gain = audio.createGain();

  oscillator.frequency.value = frequency;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(loudness, at + rise);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + length);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(at);
  oscillator.stop(at + length);
}

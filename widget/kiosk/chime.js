/** A short, quiet tone: the countdown has begun. Nothing where there is no sound. */

/** In seconds, and of a loudness of 1. */
const LENGTH = 0.25;
const LOUDNESS = 0.08;
const HERTZ = 660;

/** @type {AudioContext | undefined} */
let audio;

export function chime() {
  try {
    audio ??= new AudioContext();
    // A browser that was not touched yet keeps it silent.
    audio.resume().catch(() => {});
    const [tone, loudness] = [audio.createOscillator(), audio.createGain()];
    const now = audio.currentTime;
    tone.frequency.value = HERTZ;
    // In and out within hundredths, so that it does not click.
    loudness.gain.setValueAtTime(0, now);
    loudness.gain.linearRampToValueAtTime(LOUDNESS, now + 0.03);
    loudness.gain.linearRampToValueAtTime(0, now + LENGTH);
    tone.connect(loudness).connect(audio.destination);
    tone.start(now);
    tone.stop(now + LENGTH);
  } catch {
    // The countdown is seen and read aloud as well.
  }
}

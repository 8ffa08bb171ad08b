/**
 * Read aloud, only with voices on this device: a voice from a server would send there what residents read.
 */

const synthesis = globalThis.speechSynthesis;
/** What is being said: a browser forgets to tell the end of a sentence that nobody holds. @type {SpeechSynthesisUtterance[]} */
let said = [];
/** Whether that is to be heard to its end, whatever the screen does. */
let whole = false;

/** A voice on this device that speaks the language. @param {string} language */
const voiceFor = (language) =>
  synthesis?.getVoices().find((voice) => voice.localService && voice.lang.toLowerCase().split(/[-_]/)[0] === language);

/** @param {string} language */
export const canRead = (language) => Boolean(voiceFor(language));

/** Call back when the voices of this device become known. @param {() => void} then */
export const onVoices = (then) => synthesis?.addEventListener("voiceschanged", then);

/** Be silent; what is to be heard to its end only `always` ends. */
export function hush(always = false) {
  if (whole && !always) return;
  whole = false;
  said = [];
  synthesis?.cancel();
}

/**
 * @param {string} language @param {string[]} sentences @param {() => void} [over] called when all was read or stopped
 * @param {{ volume?: number, toTheEnd?: boolean, each?: () => void }} [how] `volume` from 0 to 1; `each` is called at the
 *   end of each sentence
 */
export function read(language, sentences, over, { volume = 1, toTheEnd = false, each } = {}) {
  hush(true);
  const voice = voiceFor(language);
  if (!voice) return;
  whole = toTheEnd;
  const mine = sentences.map((sentence) => {
    const utterance = new SpeechSynthesisUtterance(sentence);
    utterance.voice = voice;
    utterance.lang = voice.lang;
    utterance.volume = volume;
    utterance.onend = () => each?.();
    return utterance;
  });
  said = mine;
  const last = mine.at(-1);
  if (last)
    last.onend = last.onerror = () => {
      if (said === mine) whole = false;
      each?.();
      over?.();
    };
  for (const utterance of mine) synthesis.speak(utterance);
}

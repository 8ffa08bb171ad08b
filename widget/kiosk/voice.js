/**
 * Read aloud, only with voices on this device: a voice from a server would send there what residents read.
 */

const synthesis = globalThis.speechSynthesis;

/** A voice on this device that speaks the language. @param {string} language */
const voiceFor = (language) =>
  synthesis?.getVoices().find((voice) => voice.localService && voice.lang.toLowerCase().split(/[-_]/)[0] === language);

/** @param {string} language */
export const canRead = (language) => Boolean(voiceFor(language));

/** Call back when the voices of this device become known. @param {() => void} then */
export const onVoices = (then) => synthesis?.addEventListener("voiceschanged", then);

export const hush = () => synthesis?.cancel();

/**
 * @param {string} language @param {string[]} sentences @param {() => void} over called when all was read or stopped
 */
export function read(language, sentences, over) {
  hush();
  const voice = voiceFor(language);
  if (!voice) return;
  sentences.forEach((sentence, at) => {
    const utterance = new SpeechSynthesisUtterance(sentence);
    utterance.voice = voice;
    utterance.lang = voice.lang;
    if (at === sentences.length - 1) utterance.onend = utterance.onerror = over;
    synthesis.speak(utterance);
  });
}

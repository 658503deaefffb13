// The report's text and the sentences that accepted findings put into it.

/** The text with the sentence on a line of its own at the end. */
export function addSentence(text: string, sentence: string): string {
  const kept = text.replace(/\s+$/, "");
  return kept ? `${kept}\n${sentence}` : sentence;
}

/** The text without the sentence, where it still stands as it was written. */
export function removeSentence(text: string, sentence: string): string {
  return text
    .split("\n")
    .filter((line) => line.trim() !== sentence.trim())
    .join("\n");
}

/** Whether an accepted sentence no longer stands in the text as the assistant worded it, in any language. */
export function isEdited(text: string, sentences: string[]): boolean {
  return !sentences.some((sentence) => sentence !== "" && text.includes(sentence));
}

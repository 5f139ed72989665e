import { type FoundReference, referenceIn } from './foundReference.ts';

/** `FROM [--platform=…] IMAGE [AS NAME]` and `COPY --from=IMAGE`: https://docs.docker.com/reference/dockerfile/ */
const IMAGES = /^[ \t]*(?:FROM(?:[ \t]+--\S+)*[ \t]+|(?:COPY|RUN)\b[^\n]*?(?:--from=|\bfrom=))([^\s,]+)/gim;

/** Images whose registry is written out. Others are Docker's to find, and no registry is guessed. */
export function referencesInDockerfile(text: string): readonly FoundReference[] {
  return [...text.matchAll(IMAGES)].flatMap(({ 0: line, 1: image = '', index }) => {
    const end = index + line.length;
    const reference = referenceIn(image);
    return reference === undefined ? [] : [{ start: end - image.length, end, reference }];
  });
}

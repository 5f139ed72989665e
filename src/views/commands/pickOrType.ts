import { type QuickPickItem, window } from 'vscode';

/** Something to choose. */
export interface Choice<T> extends QuickPickItem {
  readonly value: T;
}

/** What is asked where there are proposals, and anything else may be typed. */
export interface Question<T> {
  readonly title: string;
  readonly placeholder: string;
  /**
   * May take time; the prompt is there meanwhile. When it fails, what is typed still counts.
   * @param soFar shows what is known already; false when the user has left the prompt
   */
  readonly choices: (soFar: (choices: readonly Choice<T>[]) => boolean) => Promise<readonly Choice<T>[]>;
  /** What typed text stands for; a string says why it stands for nothing. */
  readonly typed?: (text: string) => Choice<T> | string;
}

type Item<T> = QuickPickItem & { readonly value?: T };

/** Asks to pick one of the choices, or to type another. Undefined when the user leaves the prompt. */
export function pickOrType<T>({ title, placeholder, choices, typed }: Question<T>): Promise<T | undefined> {
  const prompt = window.createQuickPick<Item<T>>();
  Object.assign(prompt, { title, placeholder, busy: true, matchOnDescription: true, ignoreFocusOut: true });
  let known: readonly Choice<T>[] = [];
  let isOpen = true;

  const show = (): void => {
    const text = prompt.value.trim();
    const own =
      text === '' || typed === undefined || known.some(({ label }) => label === text)
        ? []
        : [ownItem(text, typed(text))];
    prompt.items = [...own, ...known];
  };
  const showThese = (items: readonly Choice<T>[]): boolean => {
    known = items;
    if (isOpen) show();
    return isOpen;
  };
  void choices(showThese)
    .catch(() => known)
    .then((items) => {
      prompt.busy = false;
      showThese(items);
    });
  prompt.onDidChangeValue(show);
  prompt.show();

  return new Promise((resolve) => {
    prompt.onDidAccept(() => {
      const [item] = prompt.selectedItems;
      if (item?.value === undefined) return;
      resolve(item.value);
      prompt.hide();
    });
    prompt.onDidHide(() => {
      isOpen = false;
      resolve(undefined);
      prompt.dispose();
    });
  });
}

function ownItem<T>(text: string, meaning: Choice<T> | string): Item<T> {
  if (typeof meaning !== 'string') return { ...meaning, alwaysShow: true };
  return { label: text, detail: `$(error) ${meaning}`, alwaysShow: true };
}

import { ThemeIcon, window } from 'vscode';

/** What is asked for one line of text. */
export interface TextQuestion {
  readonly title: string;
  readonly prompt: string;
  readonly placeholder: string;
  readonly value?: string;
  /** What is typed is not shown. */
  readonly isSecret?: boolean;
  /** What is wrong with a text; undefined when nothing is. */
  readonly problemOf: (text: string) => string | undefined;
  /** Another way than to type: a button with this label. */
  readonly otherwise?: string;
}

/** Asks for a text. `otherwise` when the user chooses that; undefined when the user leaves the prompt. */
export function askText(question: TextQuestion): Promise<{ readonly text: string } | 'otherwise' | undefined> {
  const { title, prompt, placeholder, value = '', isSecret = false, problemOf, otherwise } = question;
  const box = window.createInputBox();
  Object.assign(box, { title, prompt, placeholder, value, password: isSecret, ignoreFocusOut: true });
  if (otherwise !== undefined) box.buttons = [{ iconPath: new ThemeIcon('key'), tooltip: otherwise }];
  return new Promise((resolve) => {
    box.onDidChangeValue(() => {
      box.validationMessage = undefined;
    });
    box.onDidAccept(() => {
      const problem = problemOf(box.value);
      box.validationMessage = problem;
      if (problem !== undefined) return;
      resolve({ text: box.value });
      box.hide();
    });
    box.onDidTriggerButton(() => {
      resolve('otherwise');
      box.hide();
    });
    box.onDidHide(() => {
      resolve(undefined);
      box.dispose();
    });
    box.show();
  });
}

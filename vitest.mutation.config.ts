import { defineConfig } from 'vitest/config';
import unit from './vitest.config.ts';

const { projects: _, ...test } = unit.test ?? {};

// Each file in modules of its own: a mutant of what runs while a module is loaded wants it loaded anew.
export default defineConfig({ ...unit, test: { ...test, include: ['test/**/*.test.ts'], isolate: true } });

/** The one place with colours, sizes and faces: neutral surfaces, one accent, colour only for state. */
import type { ThemeConfig } from 'antd';

const chinese = '"Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "Source Han Sans SC", system-ui, sans-serif';

/** A Chinese face gives quotation marks and apostrophes the width of a character, which tears an English sentence apart. */
const latin = `"Inter", "Segoe UI", "Helvetica Neue", Arial, "Liberation Sans", "Noto Sans", ${chinese}`;

/** The theme in the face of a language. */
export const themeFor = (language: 'zh' | 'en'): ThemeConfig => (language === 'en' ? english : theme);

const theme: ThemeConfig = {
  cssVar: { key: 'chengshu' },
  token: {
    colorPrimary: '#1f5fae',
    colorInfo: '#1f5fae',
    colorSuccess: '#1b7f4b',
    colorWarning: '#96610a',
    colorError: '#b3261e',
    // Left to itself antd mixes the dark words into these grounds, and they come out as mud.
    colorSuccessBg: '#eef8f2',
    colorSuccessBorder: '#9ccfb2',
    colorWarningBg: '#fdf6e8',
    colorWarningBorder: '#e3c27f',
    colorErrorBg: '#fdf0ef',
    colorErrorBorder: '#e6aaa6',
    colorInfoBg: '#eff5fc',
    colorInfoBorder: '#a9c6e8',
    colorTextBase: '#1b2430',
    colorTextDescription: '#5b6675',
    colorTextSecondary: '#4a5563',
    colorTextPlaceholder: '#67717f',
    // Also the words of an empty table, which must be readable.
    colorTextDisabled: '#67717f',
    colorBgLayout: '#f5f6f8',
    colorBorder: '#c9ced6',
    colorBorderSecondary: '#e3e6eb',
    fontFamily: chinese,
    fontFamilyCode: '"JetBrains Mono", "Noto Sans Mono CJK SC", ui-monospace, monospace',
    fontSize: 14,
    lineHeight: 1.6,
    borderRadius: 4,
    boxShadowTertiary: 'none',
    // Whoever asks for less motion gets none (WCAG 2.2, 2.3.3).
    motion: typeof matchMedia !== 'function' || !matchMedia('(prefers-reduced-motion: reduce)').matches,
    motionDurationFast: '0.08s',
    motionDurationMid: '0.12s',
    motionDurationSlow: '0.15s',
  },
  components: {
    Table: { cellPaddingBlockSM: 6, headerBg: '#eef0f3' },
    Layout: { headerBg: '#ffffff', siderBg: '#ffffff', headerHeight: 48, headerPadding: '0 16px' },
    Menu: { itemHeight: 36 },
    Descriptions: { labelColor: '#4a5563' },
  },
};

const english: ThemeConfig = { ...theme, token: { ...theme.token, fontFamily: latin } };

/** How a thing is doing; shape, word and colour together, never colour alone. */
export const tones = {
  good: { colour: '#1b7f4b', shape: '●' },
  attention: { colour: '#96610a', shape: '▲' },
  broken: { colour: '#b3261e', shape: '■' },
  unknown: { colour: '#5b6675', shape: '○' },
} as const;
export type Tone = keyof typeof tones;

import { theme, type ThemeConfig } from "antd";
import { colours, fonts, radius } from "./tokens";

/**
 * Ant Design with the console's tokens, compact, without motion that a slow machine would stutter through.
 */
export const antdTheme: ThemeConfig = {
  algorithm: theme.compactAlgorithm,
  token: {
    colorPrimary: colours.action,
    colorLink: colours.action,
    colorError: colours.urgent,
    colorWarning: colours.today,
    colorSuccess: colours.signed,
    colorText: colours.ink,
    colorTextSecondary: colours.inkSecondary,
    colorTextDescription: colours.inkSecondary,
    colorTextPlaceholder: colours.inkSecondary,
    colorBorder: "#8b97a2",
    colorBorderSecondary: colours.line,
    colorBgLayout: colours.ground,
    borderRadius: radius,
    fontFamily: fonts.family,
    fontSize: fonts.size,
    motion: false,
    controlHeight: 32,
    boxShadowTertiary: "none",
  },
};

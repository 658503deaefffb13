import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

export default tseslint.config({ ignores: ["dist", "viewer/dist", "test-results"] }, ...tseslint.configs.recommended, {
  plugins: { "react-hooks": hooks },
  rules: {
    ...hooks.configs.recommended.rules,
    "max-lines": ["error", { max: 300, skipBlankLines: true }],
    "max-len": ["error", { code: 110, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreUrls: true }],
  },
});

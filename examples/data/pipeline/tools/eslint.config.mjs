import tseslint from "typescript-eslint";

export default tseslint.config(
  { files: ["**/*.ts"], extends: [tseslint.configs.recommended] },
  {
    files: ["**/*.ts"],
    rules: {
      complexity: ["warn", 10],
      eqeqeq: "warn",
      "no-console": "warn",
      "prefer-template": "warn",
      "@typescript-eslint/no-explicit-any": "warn",
    },
  },
);

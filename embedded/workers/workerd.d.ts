// The workerd package ships no types.
declare module "workerd" {
  /** a CommonJS module: Node shows its exports as the default */
  const workerd: { readonly default: string; readonly version: string; readonly compatibilityDate: string };
  export default workerd;
}

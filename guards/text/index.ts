// Public names of the text views.
export { normalise } from "./normalise.ts";
export { DEFAULT_VIEW_LIMITS, type View, type ViewLimits } from "./view.ts";
export { views } from "./views.ts";

// The one script of offers: the page's elements, and the format for whoever wants to look at it from the console.
import * as format from "./format.js";
import { PlKeymaker } from "./keymaker.js";
import { PlOpening } from "./opening.js";
import { PlSeal } from "./seal.js";

customElements.define("pl-seal", PlSeal);
customElements.define("pl-opening", PlOpening);
customElements.define("pl-keymaker", PlKeymaker);

export { format };

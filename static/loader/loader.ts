import { loaderTexts } from "../locales/loader.ts";

void loaderTexts;
void import(__FILES__.panel);

import DefaultTheme from "vitepress/theme";
import "@fontsource-variable/bricolage-grotesque";
import "@fontsource-variable/jetbrains-mono";
import "./site.css";
import "./home.css";

export default DefaultTheme;

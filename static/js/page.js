// Les menus de l’en-tête : Échap ou un clic ailleurs les ferme. Sans ce fichier, ils s’ouvrent et se ferment d’eux-mêmes.
(() => {
  "use strict";
  const ouverts = () => document.querySelectorAll("details[data-menu][open]");

  document.addEventListener("click", (evenement) => {
    for (const menu of ouverts()) if (!menu.contains(evenement.target)) menu.open = false;
  });
  document.addEventListener("keydown", (evenement) => {
    if (evenement.key !== "Escape") return;
    for (const menu of ouverts()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("focusin", (evenement) => {
    for (const menu of ouverts()) if (!menu.contains(evenement.target)) menu.open = false;
  });

  // htmx note l’adresse de la page dans le navigateur : ici, rien d’un dossier n’y reste.
  const oublier = () => sessionStorage.removeItem("htmx-current-path-for-history");
  oublier();
  document.addEventListener("htmx:pushedIntoHistory", oublier);

  // Une page refusée s’ouvre sur ce qui est à corriger.
  const erreur = document.querySelector("main .erreurs-formulaire, main .champ--erreur, main .encadre--refus");
  const champ = erreur && (erreur.matches(".champ--erreur") ? erreur.querySelector("[aria-invalid], input, select, textarea") : erreur);
  if (champ) {
    if (champ === erreur) champ.tabIndex = -1;
    champ.focus();
  }
})();

// Un formulaire ne part qu’une fois : le second clic d’un double clic ne fait rien.
(() => {
  "use strict";
  const DELAI = 10000;
  const partis = new Map();

  const liberer = (formulaire) => {
    clearTimeout(partis.get(formulaire)?.minuterie);
    for (const bouton of partis.get(formulaire)?.boutons ?? []) bouton.disabled = false;
    partis.delete(formulaire);
  };

  document.addEventListener("submit", (evenement) => {
    const formulaire = evenement.target;
    if (evenement.defaultPrevented || formulaire.method !== "post" || formulaire.dataset.uneFois === "non") return;
    if (partis.has(formulaire)) {
      evenement.preventDefault();
      return;
    }
    const envoi = { boutons: [], minuterie: 0 };
    partis.set(formulaire, envoi);
    // Après l’envoi seulement : un bouton désactivé tout de suite n’enverrait pas sa valeur.
    setTimeout(() => {
      envoi.boutons = [...formulaire.elements].filter((bouton) => bouton.type === "submit" && !bouton.disabled);
      for (const bouton of envoi.boutons) bouton.disabled = true;
    });
    envoi.minuterie = setTimeout(() => liberer(formulaire), DELAI);
  });
  // Retour en arrière : la page sort de la mémoire du navigateur avec ses boutons éteints.
  addEventListener("pageshow", () => [...partis.keys()].forEach(liberer));
})();

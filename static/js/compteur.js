// Zones de texte : elles grandissent avec le texte, et disent ce qui reste quand la limite approche.
(() => {
  "use strict";
  const SEUIL = 0.8;
  const grandit = CSS.supports("field-sizing", "content");
  const nombre = new Intl.NumberFormat("fr-CA");

  const ajuster = (zone) => {
    if (grandit) return;
    zone.style.height = "auto";
    zone.style.height = `${zone.scrollHeight + 2}px`;
  };

  const compter = (zone) => {
    const limite = Number(zone.dataset.compteur || zone.maxLength);
    if (!(limite > 0)) return;
    const longueur = zone.value.length;
    let compteur = zone.nextElementSibling;
    if (!compteur?.matches(".compteur")) {
      if (longueur < limite * SEUIL) return;
      compteur = document.createElement("span");
      compteur.className = "compteur";
      compteur.setAttribute("aria-live", "polite");
      zone.after(compteur);
    }
    compteur.hidden = longueur < limite * SEUIL;
    compteur.classList.toggle("compteur--plein", longueur >= limite);
    compteur.textContent = longueur > limite
      ? `${nombre.format(longueur - limite)} caractères de trop`
      : `${nombre.format(limite - longueur)} caractères encore possibles sur ${nombre.format(limite)}`;
  };

  const suivre = (racine) => {
    for (const zone of racine.querySelectorAll("textarea, [data-compteur]")) {
      ajuster(zone);
      compter(zone);
    }
  };

  document.addEventListener("input", ({ target }) => {
    if (!target.matches?.("textarea, [data-compteur]")) return;
    ajuster(target);
    compter(target);
  });
  document.addEventListener("htmx:load", ({ detail }) => suivre(detail.elt));
  suivre(document);
})();

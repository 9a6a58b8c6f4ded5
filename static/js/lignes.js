// Lignes d’un formulaire répété : en ajouter et en retirer sans recharger la page.
// Le serveur fait la même chose avec les boutons d’envoi : sans ce fichier, rien ne manque. La page qui s’en sert le
// charge dans son bloc « tete » : <script src="{% static 'js/lignes.js' %}" defer></script>.
//
//   <div data-lignes="objectifs" data-lignes-max="5">            préfixe du formset Django
//     … {{ formset.management_form }}
//     <div data-lignes-liste> <div data-ligne> … DELETE … <button data-ligne-retirer> </div> </div>
//     <template> <div data-ligne> … __prefix__ … </div> </template>
//     <button type="submit" name="ajouter_objectif" data-lignes-ajouter>
(() => {
  "use strict";

  const annonce = document.createElement("p");
  annonce.className = "visually-hidden";
  annonce.setAttribute("role", "status");

  const changer = (element) => element.dispatchEvent(new Event("input", { bubbles: true }));

  const visibles = (bloc) => [...bloc.querySelectorAll("[data-ligne]")].filter((ligne) => !ligne.hidden);

  const accorder = (bloc) => {
    const maximum = Number(bloc.dataset.lignesMax);
    const ajouter = bloc.querySelector("[data-lignes-ajouter]");
    if (ajouter && maximum > 0) ajouter.hidden = visibles(bloc).length >= maximum;
    visibles(bloc).forEach((ligne, rang) => {
      for (const numero of ligne.querySelectorAll("[data-ligne-rang]")) numero.textContent = rang + 1;
    });
  };

  const ajouter = (bloc) => {
    const total = bloc.querySelector(`[name="${bloc.dataset.lignes}-TOTAL_FORMS"]`);
    const modele = bloc.querySelector("template");
    const rang = Number(total.value);
    const gabarit = document.createElement("template");
    gabarit.innerHTML = modele.innerHTML.replaceAll("__prefix__", rang);
    const ligne = gabarit.content.querySelector("[data-ligne]");
    (bloc.querySelector("[data-lignes-liste]") ?? bloc).append(ligne);
    total.value = rang + 1;
    accorder(bloc);
    changer(total);
    ligne.querySelector("textarea, select, input:not([type=hidden])")?.focus();
    annonce.textContent = `Ligne ajoutée. Il y en a ${visibles(bloc).length}.`;
  };

  const retirer = (bloc, ligne) => {
    const case_ = ligne.querySelector('[name$="-DELETE"]');
    const suivante = visibles(bloc)[visibles(bloc).indexOf(ligne) - 1];
    if (case_) {
      if (case_.type === "checkbox") case_.checked = true;
      else case_.value = "on";
      ligne.hidden = true;
      // Une ligne cachée ne doit pas retenir l’envoi par un champ obligatoire qu’on ne voit plus.
      for (const champ of ligne.querySelectorAll("[required]")) champ.required = false;
    } else {
      ligne.remove();
    }
    accorder(bloc);
    changer(bloc.querySelector(`[name="${bloc.dataset.lignes}-TOTAL_FORMS"]`));
    (suivante?.querySelector("[data-ligne-retirer]") ?? bloc.querySelector("[data-lignes-ajouter]"))?.focus();
    annonce.textContent = `Ligne retirée. Il en reste ${visibles(bloc).length}.`;
  };

  document.addEventListener("click", (evenement) => {
    const bouton = evenement.target.closest?.("[data-lignes-ajouter], [data-ligne-retirer]");
    const bloc = bouton?.closest("[data-lignes]");
    if (!bloc || (bouton.matches("[data-lignes-ajouter]") && !bloc.querySelector("template"))) return;
    evenement.preventDefault();
    if (bouton.matches("[data-lignes-ajouter]")) ajouter(bloc);
    else retirer(bloc, bouton.closest("[data-ligne]"));
  });

  const blocs = document.querySelectorAll("[data-lignes]");
  if (blocs.length) document.body.append(annonce);
  for (const bloc of blocs) {
    for (const ligne of bloc.querySelectorAll("[data-ligne]")) {
      // Avec ce fichier, le bouton remplace la case « supprimer ».
      const case_ = ligne.querySelector('input[type="checkbox"][name$="-DELETE"]');
      if (case_ && ligne.querySelector("[data-ligne-retirer]")) (case_.closest(".champ") ?? case_).hidden = true;
      if (case_?.checked) ligne.hidden = true;
    }
    accorder(bloc);
  }
})();

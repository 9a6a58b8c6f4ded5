"""Les prénoms les plus portés au Québec : suivis d’un mot à majuscule, ils annoncent le nom d’une personne."""

PRENOMS = frozenset(
    """
    adèle agathe aimée alain albert alex alexandra alexandre alexis alfred alice aline alphonse amélie anaïs andré andrée
    ange angèle anick anne annette annie antoine antoinette armand arnaud arthur audrey aurèle aurore béatrice benjamin
    benoît bernadette bernard bertrand blanche brigitte bruno camille carl carmen carole caroline catherine cécile céline
    chantal charles charlotte christian christiane christine christophe claire claude claudette claudine clément clémence
    colette conrad cynthia danielle daniel dany david denis denise diane dominique donald édith edgar édouard élaine élisabeth
    élise élodie éloïse emma emmanuel émile émilie émilien éric estelle étienne eugène évelyne fabien félix fernand fernande
    florence france francine francis franck françois françoise frédéric frédérique gabriel gabrielle gaétan gaétane gaston
    geneviève georges gérald gérard gérard germain germaine ghislain ghislaine gilbert gilberte gilles ginette gisèle guillaume
    guy guylaine hector hélène henri henriette hervé hubert hugo huguette irène isabelle jacob jacqueline jacques jade jasmin
    jean jeanne jeannette jeannine jeannot jérémie jérôme jessica joanie joannie jocelyn jocelyne joël joëlle johanne jonathan
    josée joseph josette juliane julie julien juliette justine karine katia kevin kim laurence laurent laurette laurie léa léo
    léon léonard liette liliane lina linda line lionel lise lisette lorraine louis louise luc lucas lucette lucie lucien
    lucienne lucille ludovic lyne madeleine maëlle manon marc marcel marcelle marco marguerite maria marianne marie marielle
    mario marjolaine marthe martin martine mathieu mathilde mathis maurice maxime mélanie mélissa michaël micheline michel
    michèle micheline mireille monique murielle myriam nadia nadine nancy nathalie nathan nicolas nicole noémie noël noëlla
    nora normand normande octave odette odile olivier olivia pascal pascale patrice patricia patrick paul paule paulette
    pauline philippe pierre pierrette rachel raoul raphaël raymond raymonde réal régis réjean réjeanne rémi renaud rené renée
    richard rita robert roberte rodrigue roger roland rolande romain rosaire rose roxanne sabrina samuel sandra sandrine
    sarah sébastien serge simon simone solange sonia sophie stéphane stéphanie suzanne suzie sylvain sylvie thérèse thomas
    tommy tristan ursule valérie vanessa véronique victor victoire victoria vincent violette viviane wilfrid william xavier
    yann yannick yolande yvan yves yvette yvon yvonne zacharie zoé
    """.split()
)
